import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { rebuildStreak, readStreaks, standingIn, type StandingRow } from '../../db/read/streaks.ts';
import { grantFreezes } from '../../db/write/streaks/grant-freezes.ts';
import { pauseStreaks } from '../../db/write/streaks/pause-streaks.ts';
import { storeEvents } from '../../db/write/store-events.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { asId, type MemberId } from '../../src/domain/ids.ts';
import { judgeStreak, readPause } from '../../src/domain/streak/judge-streak.ts';
import { makeTestTenant, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { fact } from '../support/referrals.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const NOW = Date.parse('2024-11-14T12:00:00Z');
const START_AT = NOW - 14 * DAY_MS;
const ZONES = ['America/New_York', 'Pacific/Kiritimati', 'Pacific/Niue', 'Asia/Tokyo'] as const;
const keyring = openKeyring(randomBytes(32));

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, START_AT, { zone: 'America/New_York' });
});
afterAll(() => database.drop());

type Practised = { readonly at: number; readonly zone: string };
const asTenant: TestDatabase['app']['asTenant'] = (...args) => database.app.asTenant(...args);
const practice = (externalId: string, { at, zone }: Practised) => fact('practice_completed', externalId, { occurredAt: at, properties: { zone, score: 7 } });
const tell = (facts: readonly ReturnType<typeof fact>[], now = NOW) => asTenant(tenant.tenantId, (tx) => storeEvents(tx, keyring, { tenantId: tenant.tenantId, facts, now }));

async function memberId(externalId: string): Promise<MemberId> {
  await tell([fact('opened_app', externalId, { occurredAt: START_AT })]);
  const [row] = await database.superuser<{ id: string }[]>`select id from members where tenant_id = ${tenant.tenantId} and external_id = ${externalId}`;
  return asId('mbr', row?.id ?? '');
}

async function stored(id: MemberId) {
  const [row] = await database.superuser<(StandingRow & { expiresAt: number | null; dayEndsAt: number | null; freezesLeft: number })[]>`
    select current, longest, latest_at as "latestAt", latest_zone as "latestZone", latest_day as "latestDay", credited_day as "creditedDay", frozen_days::text[] as "frozenDays",
           expires_at as "expiresAt", day_ends_at as "dayEndsAt", freezes_left as "freezesLeft" from streaks where member_id = ${id}`;
  if (row === undefined) throw new Error('there is no streak');
  return row;
}

const minute = fc.integer({ min: 0, max: 13 * 1_440 });
const history = fc.record({
  practices: fc.array(fc.record({ minute, zone: fc.oneof({ weight: 3, arbitrary: fc.constant('America/New_York') }, { weight: 1, arbitrary: fc.constantFrom(...ZONES) }) }), { minLength: 1, maxLength: 16 }),
  grants: fc.array(fc.record({ minute, count: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }),
  pauses: fc.array(fc.record({ day: fc.integer({ min: 0, max: 16 }), days: fc.integer({ min: 0, max: 2 }) }), { maxLength: 1 }),
  /** What is told when: facts, grants and pauses, some of them twice. */
  order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
});

test('a row is what the facts come to, in whatever order they were told, late, twice, several at a time', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ practices, grants, pauses, order }) => {
    const externalId = randomUUID();
    const id = await memberId(externalId);
    const { tenantId } = tenant;
    const events = practices.map((one): Practised => ({ at: START_AT + one.minute * MINUTE_MS, zone: one.zone }));
    const given = grants.map((grant) => ({ at: START_AT + grant.minute * MINUTE_MS, count: grant.count, sourceKey: randomUUID() }));
    const paused = pauses.map(({ day, days }) => ({ from: dateOf(day), to: dateOf(day + days) }));
    const steps: (() => Promise<unknown>)[] = [
      ...events.map((event) => () => tell([practice(externalId, event)])),
      () => tell(events.slice(0, 3).map((event) => practice(externalId, event))),
      ...given.flatMap((grant) => [grant, grant]).map((grant) => () => asTenant(tenantId, (tx) => grantFreezes(tx, { tenantId, grants: [{ ...grant, memberId: id }], now: NOW }))),
      ...paused.map((pause) => () => asTenant(tenantId, (tx) => {
        const read = readPause(pause);
        if (typeof read === 'string') throw new Error(read);
        return pauseStreaks(tx, { tenantId, pauses: [{ ...read, memberId: id }], now: NOW });
      })),
    ];
    for (const step of steps.map((run, place) => ({ run, rank: order[place] ?? 0 })).toSorted((a, b) => a.rank - b.rank)) await step.run();

    const row = await stored(id);
    const key = { memberId: id, streak: 'practice' };
    expect(standingIn(row)).toEqual(await asTenant(tenantId, (tx) => rebuildStreak(tx, tenantId, key)));
    const judged = judgeStreak({ zone: 'America/New_York', events, now: NOW, freezes: 0, grants: given, pauses: paused });
    if (judged.outcome === 'refused') throw new Error(JSON.stringify(judged.faults));
    const { expiresAt, dayEndsAt, freezesLeft, longest } = judged.streak;
    expect(row).toMatchObject({ expiresAt, dayEndsAt, freezesLeft, longest });
    const read = await asTenant(tenantId, (tx) => readStreaks(tx, tenantId, { id }, NOW));
    expect(read?.streaks).toEqual([{ streak: 'practice', zone: 'America/New_York', ...judged.streak }]);
  }), { numRuns: 40 });
}, 120_000);

function dateOf(day: number): string {
  return new Date(START_AT + day * DAY_MS).toISOString().slice(0, 10);
}

test('many requests at once about one member, each with a few days, come to one streak', async () => {
  const id = await memberId('at-once');
  const days = Array.from({ length: 12 }, (_none, day) => ({ at: START_AT + day * DAY_MS, zone: 'Asia/Tokyo' }));
  await Promise.all(days.flatMap((day, place) => [tell([practice('at-once', day)]), tell([practice('at-once', day), practice('at-once', days[(place * 5) % 12] ?? day)])]));
  expect(await stored(id)).toMatchObject({ current: 12, longest: 12 });
});

test('two who are told of in opposite orders never wait for each other in a ring', async () => {
  const members = ['ring-a', 'ring-b', 'ring-c', 'ring-d'];
  await Promise.all(Array.from({ length: 10 }, (_none, turn) =>
    tell((turn % 2 === 0 ? members : members.toReversed()).map((member) => practice(member, { at: START_AT + turn * DAY_MS, zone: 'UTC' })))));
  expect((await stored(await memberId('ring-c'))).current).toBe(10);
});

test('the date of a practice is that of its own zone, else of the member\'s, else of the tenant\'s, and a zone corrected later changes none', async () => {
  const id = await memberId('moved');
  const at = Date.parse('2024-11-10T02:00:00Z');
  const days = () => database.superuser`select day, zone from streak_days where member_id = ${id} order by day, zone`;
  await tell([fact('practice_completed', 'moved', { occurredAt: at })]);
  await tell([fact('practice_completed', 'moved', { occurredAt: at + 1, properties: { zone: 'Mars/Base' } })]);
  expect(await days()).toEqual([{ day: '2024-11-09', zone: 'America/New_York' }]);
  await database.superuser`update members set zone = 'Asia/Tokyo', zone_source = 'explicit' where id = ${id}`;
  await tell([fact('practice_completed', 'moved', { occurredAt: at + DAY_MS })]);
  await tell([fact('practice_completed', 'moved', { occurredAt: at + 2 * DAY_MS, properties: { zone: 'Pacific/Niue' } })]);
  expect(await days()).toEqual([{ day: '2024-11-09', zone: 'America/New_York' }, { day: '2024-11-11', zone: 'Asia/Tokyo' }, { day: '2024-11-11', zone: 'Pacific/Niue' }]);
});

test('a hundred and more practices of one day are kept as its ends, and count as one day', async () => {
  const id = await memberId('eager');
  await tell(Array.from({ length: 150 }, (_none, n) => practice('eager', { at: START_AT + n * MINUTE_MS, zone: 'UTC' })));
  await tell(Array.from({ length: 150 }, (_none, n) => practice('eager', { at: START_AT + (n + 60) * MINUTE_MS, zone: 'UTC' })));
  const [row] = await database.superuser<{ n: number; first: number; last: number }[]>`
    select cardinality(practised_at) as n, practised_at[1] as first, practised_at[cardinality(practised_at)] as last from streak_days where member_id = ${id}`;
  expect(row).toEqual({ n: 96, first: START_AT, last: START_AT + 209 * MINUTE_MS });
  expect(await stored(id)).toMatchObject({ current: 1, longest: 1 });
});

test('facts that are no practice, or of nobody, touch no streak', async () => {
  const id = await memberId('idle');
  await tell([fact('lesson_opened', 'idle', { occurredAt: START_AT }), fact('practice_completed', null, { occurredAt: START_AT })]);
  expect(await database.superuser`select 1 from streaks where member_id = ${id}`).toHaveLength(0);
});
