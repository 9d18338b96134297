import { Socket } from 'node:net';
import { fact, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../support/referrals.ts';
import type { EventFact } from '../../db/write/store-events.ts';

let world: TestReferrals;
beforeEach(async () => {
  world = await openTestReferrals();
});
afterEach(() => world.close());

const ROUNDS = 10;
const SIZE = 50;
const friends = (round: number, make: (friend: string) => EventFact): EventFact[] => Array.from({ length: SIZE }, (_, n) => make(`friend-${String(round * SIZE + n)}`));
const rewards = { holdDays: 30, rules: [{ key: 'every', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 1_500 } }], caps: [{ per: 'day', most: { rewards: 10_000 } }] } as const;

/** What conversions go through; of it nothing is wanted but by a key. */
const TABLES = ['members', 'events', 'payments', 'payment_names', 'payment_changes', 'referrals', 'rewards', 'reward_refusals', 'reward_caps', 'reward_budgets', 'accounts', 'transfers', 'runs', 'run_facts'];

type Reads = { table: string; whole: number; entries: number; looks: number };
/** Rows read from end to end, and index entries against the looks that found them. */
async function readsOf({ database: { superuser, app } }: TestReferrals): Promise<Reads[]> {
  // Connections report what they did when they are idle for a while, or asked.
  await Promise.all(Array.from({ length: 10 }, () => app.sql`select pg_stat_force_next_flush(), pg_sleep(0.02)`));
  return superuser<Reads[]>`
    select t.relname as table, t.seq_tup_read::int as whole, coalesce(sum(i.idx_tup_read), 0)::int as entries, coalesce(sum(i.idx_scan), 0)::int as looks
    from pg_stat_user_tables t left join pg_stat_user_indexes i using (relid)
    where t.schemaname = 'public' and t.relname = any(${TABLES}::text[]) group by 1, 2 order by 1`;
}

/**
 * Plans are made while tables are empty or hold little, and kept while they grow: autovacuum does not run here. Read
 * once too often for each row, 500 rows would be a quarter of a million.
 */
test.each([
  ['that were never analyzed', null],
  ['that were analyzed while they were empty', 0],
  ['that were analyzed when they held the rows of one request', 1],
] as const)('conversions and refunds find all they need by keys, in tables %s', async (_what, analyzedAfter) => {
  await world.program({ rewards });
  const code = await world.codeOf('ana');
  for (let round = 0; round < ROUNDS; round += 1) await world.tell(...friends(round, (friend) => fact('signed_up', friend, { code })));
  const analyze = async (round: number): Promise<void> => { if (round === analyzedAfter) await world.database.superuser`analyze`; };
  await world.database.superuser`select pg_stat_reset()`;
  for (let round = 0; round < ROUNDS; round += 1) {
    await analyze(round);
    await world.tell(...friends(round, (friend) => paid(friend, [`order-${friend}`], 4_900)));
    await world.tell(...friends(round, (friend) => refund([`order-${friend}`], 900)));
  }
  const reads = await readsOf(world);
  expect(reads.reduce((all, { looks }) => all + looks, 0)).toBeGreaterThan(ROUNDS * SIZE);
  expect(reads.filter(({ whole }) => whole > 4 * SIZE)).toEqual([]);
  // Rows that were updated leave entries behind until they are cleaned up: some for each look, never a table's worth.
  expect(reads.filter(({ entries, looks }) => entries > 4 * looks + ROUNDS * SIZE)).toEqual([]);
  expect(await world.database.superuser`select count(*)::int as n, sum(granted_minor - taken_back_minor)::int as minor from rewards`).toEqual([{ n: ROUNDS * SIZE, minor: ROUNDS * SIZE * 600 }]);
});

test('one that comes under the eventId of a fact that is just being stored is a duplicate, and no payment', async () => {
  await world.tell(fact('first_value', 'ben'));
  const { app } = world.database;
  const told = await app.asTenant(world.tenantId, async (tx) => {
    await tx.sql`insert into events (tenant_id, event_id, type, occurred_at, received_at) values (${world.tenantId}, 'same', 'other', ${NOON}, ${NOON})`;
    const telling = world.tell(paid('ben', ['order-1'], 4_900, { eventId: 'same' }), paid('ben', ['order-2'], 100, { eventId: 'another' }));
    await untilOneWaits();
    return { telling };
  });
  expect(await told.telling).toMatchObject([{ outcome: 'duplicate' }, { outcome: 'stored' }]);
  expect(await world.payments()).toMatchObject([{ names: ['order-2'] }]);
});

async function untilOneWaits(): Promise<void> {
  for (let looks = 0; looks < 2_000; looks += 1) {
    const rows = await world.database.superuser`select 1 from pg_locks where not granted and locktype = 'transactionid'`;
    if (rows.length > 0) return;
    await new Promise((wake) => { setTimeout(wake, 5); });
  }
  throw new Error('nobody waits');
}

test('one conversion of a known member, with its reward held and booked and nobody to be told, waits for the database eight times', async () => {
  await world.program({ rewards });
  await world.database.superuser`update program_versions set terms = terms || '{"notices": []}'`;
  const code = await world.codeOf('ana');
  const known = ['ben', 'cleo', 'dan'];
  await world.tell(...known.map((friend) => fact('signed_up', friend, { code })));
  // A statement's parameters are asked for when a connection sends it first.
  const trips: number[] = [];
  for (const friend of known) trips.push(await tripsOf(() => world.tell(paid(friend, [`order-${friend}`], 4_900))));
  expect(trips.at(-1)).toBeLessThanOrEqual(8);
  expect(await world.database.superuser`select count(*)::int as n from transfers`).toEqual([{ n: 3 }]);
});

/** How often something is sent to a server after something came from it. */
async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  let [trips, answered] = [0, true];
  const write = Socket.prototype.write;
  const heard = new WeakSet<Socket>();
  const spy = jest.spyOn(Socket.prototype, 'write').mockImplementation(function count(this: Socket, ...args: Parameters<typeof write>) {
    if (!heard.has(this)) this.on('data', () => { answered = true; });
    heard.add(this);
    trips += answered ? 1 : 0;
    answered = false;
    return Reflect.apply(write, this, args);
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return trips;
}
