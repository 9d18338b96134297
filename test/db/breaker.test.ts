import { endProbeOf, hearProvider, resetBreaker, takeProbe } from '../../db/write/breaker.ts';
import { heldFor } from '../../db/read/late-lanes.ts';
import { lastClosedAt, listBreakers, readBreaker } from '../../db/read/breakers.ts';
import { OPENS_AT_FAILURES, PROBE_LEASE_MS, standingOf } from '../../src/domain/sending/breaker.ts';
import { NOON } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
beforeEach(async () => { await database.superuser`delete from breakers`; });
afterAll(() => database.drop());

const MAIL = 'email:mail.example';
const sql = () => database.app.sql;
const failing = (failures: number, answers = 0) => ({ failures, answers, reason: 'cannot_connect' });

async function open(provider = MAIL): Promise<number> {
  const { after } = await hearProvider(sql(), provider, failing(OPENS_AT_FAILURES), NOON, 0.5);
  return after.openUntil;
}

test('failures that many processes tell of at the same moment add up, and one of them opens it', async () => {
  const changes = await Promise.all(Array.from({ length: OPENS_AT_FAILURES }, () => hearProvider(sql(), MAIL, failing(1), NOON, 0.5)));
  expect(changes.filter(({ before, after }) => before.openedAt === null && after.openedAt !== null)).toHaveLength(1);
  expect(await readBreaker(sql(), MAIL)).toMatchObject({ failures: OPENS_AT_FAILURES, openedAt: NOON, reason: 'cannot_connect' });
});

test('a provider that fails holds no other', async () => {
  await open();
  await hearProvider(sql(), 'sms:twilio', failing(1, 3), NOON, 0.5);
  expect((await listBreakers(sql())).map((row) => [row.provider, standingOf(row, NOON).kind])).toEqual([[MAIL, 'open'], ['sms:twilio', 'closed']]);
});

test('of forty who would try at once exactly one may, and nobody before the pause is over', async () => {
  const until = await open();
  expect(await takeProbe(sql(), MAIL, until - 1)).toBeNull();
  const taken = await Promise.all(Array.from({ length: 40 }, () => takeProbe(sql(), MAIL, until)));
  expect(taken.filter((row) => row !== null)).toHaveLength(1);
  expect(await takeProbe(sql(), MAIL, until + PROBE_LEASE_MS - 1)).toBeNull();
});

test('the trial of a worker that was killed is taken over when its lease is over, and what the first tells then changes nothing', async () => {
  const until = await open();
  const first = await takeProbe(sql(), MAIL, until);
  const second = await takeProbe(sql(), MAIL, until + PROBE_LEASE_MS);
  expect([first?.probes, second?.probes]).toEqual([1, 2]);
  expect(await endProbeOf(sql(), MAIL, 1, { kind: 'answered' }, until + PROBE_LEASE_MS + 1, 0.5)).toBeNull();
  expect(standingOf((await readBreaker(sql(), MAIL)) ?? failed(), until + PROBE_LEASE_MS + 1).kind).toBe('tried');
  const change = await endProbeOf(sql(), MAIL, 2, { kind: 'answered' }, until + PROBE_LEASE_MS + 2, 0.5);
  expect(change?.after).toMatchObject({ openedAt: null, closedAt: until + PROBE_LEASE_MS + 2 });
  expect(await endProbeOf(sql(), MAIL, 2, { kind: 'failed', reason: 'timed_out' }, until + PROBE_LEASE_MS + 3, 0.5)).toBeNull();
});

test('the relay learns that a breaker has closed, on the channel on which it is woken', async () => {
  const heard: string[] = [];
  const subscription = await database.relay.sql.listen('flywheel_lane', (payload) => { heard.push(payload); });
  await open();
  expect(await lastClosedAt(database.relay.sql)).toBeNull();
  expect(await resetBreaker(sql(), MAIL, NOON + 5)).toMatchObject({ before: { openedAt: NOON }, after: { openedAt: null, openings: 0 } });
  expect(await lastClosedAt(database.relay.sql)).toBe(NOON + 5);
  await database.app.sql`select pg_notify('flywheel_lane', 'end')`;
  while (!heard.includes('end')) await new Promise((wake) => { setImmediate(wake); });
  expect(heard).toEqual(['breaker closed', 'end']);
  await subscription.unlisten();
});

test('what is not there cannot be reset, and whoever resets what is closed wakes nobody', async () => {
  expect(await resetBreaker(sql(), MAIL, NOON)).toBeNull();
  await hearProvider(sql(), MAIL, failing(1), NOON, 0.5);
  expect(await resetBreaker(sql(), MAIL, NOON + 1)).toMatchObject({ before: { openedAt: null }, after: { failures: 0 } });
});

test('the relay takes a lane for held while its channel\'s breaker is open or its send rate is used up, and no longer', async () => {
  const until = await open();
  const isHeld = async (channel: string, at: number): Promise<boolean | undefined> => {
    const { sql: relay } = database.relay;
    const [row] = await relay<{ held: boolean }[]>`select ${heldFor(relay, at)} as held from (select 'tnt_x' as tenant_id, 'email-0' as lane, ${channel}::text as channel) q`;
    return row?.held;
  };
  expect(await Promise.all([isHeld('email', NOON), isHeld('sms', NOON), isHeld('email', until)])).toEqual([true, false, false]);
});

test('the relay can read of a breaker what it needs and change none, and nobody can remove one', async () => {
  await expect(database.relay.sql`select reason from breakers`).rejects.toThrow('permission denied');
  await expect(database.relay.sql`update breakers set opened_at = null`).rejects.toThrow('permission denied');
  await expect(sql()`delete from breakers`).rejects.toThrow('permission denied');
});

function failed(): never {
  throw new Error('the breaker is gone');
}
