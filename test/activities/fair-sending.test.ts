import { runTurn, invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { acceptInvites } from '../../db/write/accept-invites.ts';
import { createTurnPlaces } from '../../activities/messages/turn-places.ts';
import type { SendDueReport } from '../../activities/messages/send-due.ts';
import { deferred, type Deferred } from '../../src/dev/deferred.ts';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';

/** Tenants share a worker: what one has in plenty must not keep the others. Counted, not timed; the times are in test/chaos/noisy-neighbour.test.ts. */
const ANY_TIME = { sendRules: { layers: [] }, reminders: [] };
const WIRE = 10;
const taken: HandOff = { outcome: 'handed_off', providerMessageId: 'x', receipt: '250 ok' };

let sending: TestSending;
let crowd: TestTenant;
let others: TestTenant[];
let answer: (message: OutgoingMessage) => Promise<HandOff>;
/** The beginning of each recipient's address, in the order in which the server was given them. */
const given: string[] = [];

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email', provider: 'email:mail.example', wireLimit: WIRE,
      send(message) {
        given.push(message.to.address.split('-')[0] ?? '');
        return answer(message);
      },
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
  [crowd, ...others] = [await makeTestTenant(sending.database, NOON), await makeTestTenant(sending.database, NOON), await makeTestTenant(sending.database, NOON), await makeTestTenant(sending.database, NOON)];
});
beforeEach(() => { given.length = 0; });
afterAll(() => sending.close());

async function accept(tenant: TestTenant, name: string, count: number): Promise<void> {
  const programId = await sending.makeProgram(ANY_TIME, tenant);
  const invitees = Array.from({ length: count }, (_, i) => invitee(`${name}-${String(i)}@fair.example`));
  await sending.database.app.asTenant(tenant.tenantId, (tx) =>
    acceptInvites(tx, sending.deps.keyring, { tenantId: tenant.tenantId, programId, inviter: null, invitees, now: sending.clock.now(), actor: 'test' }));
}

const turn = (tenant: TestTenant): Promise<SendDueReport> => runTurn(sending.deps, tenant);
const count = (name: string): number => given.filter((each) => each === name).length;

/** A server that answers the oldest message first, one at a time. */
function serveInOrder(): void {
  let line = Promise.resolve();
  answer = () => {
    line = line.then(() => new Promise((resolve) => { setTimeout(resolve, 1); }));
    return line.then(() => taken);
  };
}

test('a tenant with a hundred times as much takes turns with the others: theirs leave while most of its own still waits', async () => {
  serveInOrder();
  await accept(crowd, 'crowd', 900);
  for (const [i, tenant] of others.entries()) await accept(tenant, `other${String(i)}`, 9);
  const running = turn(crowd);
  while (count('crowd') < 50) await new Promise((wake) => { setImmediate(wake); });
  const reports = await Promise.all(others.map(turn));
  expect(reports.map(({ handedOff }) => handedOff)).toEqual([9, 9, 9]);
  const last = given.findLastIndex((name) => name.startsWith('other'));
  const first = given.findIndex((name) => name.startsWith('other'));
  // Between the first and the last of the others: with a turn each, no more of the crowd than of all of them; generously four times as much.
  expect(given.slice(first, last).filter((name) => name === 'crowd').length).toBeLessThan(4 * 27);
  const report = await running;
  expect(report.handedOff).toBeGreaterThan(50);
  while ((await turn(crowd)).nextInMs === 0);
  expect(count('crowd')).toBe(900);
}, 60_000);

test('more recipients of one tenant stall than there are connections: the others\' messages leave at once', async () => {
  const stalled: Deferred<HandOff>[] = [];
  answer = ({ to }) => {
    if (!to.address.startsWith('stalls')) return Promise.resolve(taken);
    const one = deferred<HandOff>();
    stalled.push(one);
    return one.promise;
  };
  await accept(crowd, 'stalls', 3 * WIRE);
  const running = turn(crowd);
  while (stalled.length < WIRE - 1) await new Promise((wake) => { setTimeout(wake, 5); });
  for (const [i, tenant] of others.entries()) await accept(tenant, `beside${String(i)}`, 12);
  const reports = await Promise.all(others.map(turn));
  expect(reports.map(({ handedOff }) => handedOff)).toEqual([12, 12, 12]);
  // None of them was answered meanwhile, and the tenant got no further on to the wire.
  expect(stalled).toHaveLength(WIRE - 1);
  answer = () => Promise.resolve(taken);
  for (const one of stalled) one.resolve({ outcome: 'unknown', reason: 'no_answer', detail: 'Timeout' });
  const report = await running;
  expect(report.unknown).toBe(WIRE - 1);
  while ((await turn(crowd)).nextInMs === 0);
  expect(count('stalls')).toBe(3 * WIRE);
}, 60_000);

test('a lane whose tenant has its part of the worker asks again soon, and takes nothing over meanwhile', async () => {
  answer = () => Promise.resolve(taken);
  await accept(crowd, 'later', 2);
  const turns = createTurnPlaces(1, () => false);
  const end = turns.begin(crowd.tenantId);
  const { superuser } = sending.database;
  const epochOf = async () => (await superuser<{ epoch: number }[]>`select epoch from lanes where tenant_id = ${crowd.tenantId}`)[0]?.epoch;
  const before = await epochOf();
  const refused = await runTurn({ ...sending.deps, turns }, crowd);
  expect([refused.handedOff, refused.nextInMs, await epochOf()]).toEqual([0, 3_000, before]);
  expect(refused.heldBy).toContain('slots');
  const [other] = others;
  if (other === undefined) throw new Error('no other');
  expect((await runTurn({ ...sending.deps, turns }, other)).heldBy).toBeNull();
  end?.();
  expect(await runTurn({ ...sending.deps, turns }, crowd)).toMatchObject({ handedOff: 2, heldBy: null });
});

test('a tenant has its part of a worker\'s turns for sure, and more only while plenty are free', () => {
  let hasRoom = true;
  const turns = createTurnPlaces(2, () => hasRoom);
  const ends = [turns.begin('a'), turns.begin('a'), turns.begin('a')];
  expect(ends.every((end) => end !== null)).toBe(true);
  hasRoom = false;
  expect([turns.begin('a'), turns.begin('b') === null]).toEqual([null, false]);
  ends[0]?.();
  ends[0]?.();
  expect(turns.begin('a')).toBeNull();
  ends[1]?.();
  expect(turns.begin('a')).not.toBeNull();
});
