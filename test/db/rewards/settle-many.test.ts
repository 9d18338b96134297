import type { Tx } from '../../../db/client.ts';
import { settleRewards } from '../../../db/write/rewards/settle-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

const RULES = 10;
const DAYS = 400;
const rules = Array.from({ length: RULES }, (_, n) => `rule-${String(n)}`);
/** A counter for each day and rule, as a program may ask for. */
const terms: RewardTerms = {
  holdDays: 900,
  rules: rules.map((key, n) => ({ key, to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 100 + n } })),
  caps: rules.map((rule) => ({ per: 'day', rule, most: { rewards: 1 } })),
};

type Cost = { readonly statements: number; readonly steps: number };

/** What the first settling of one referee with a payment a day costs: statements, and entries set in maps (a copy sets all of them). */
async function costOf(days: number): Promise<Cost & { readonly again: Cost }> {
  const world = await openRewards(database, terms);
  const { id, refereeId } = await world.refer();
  await world.within((tx) => tx.sql`
    insert into payments (id, tenant_id, member_id, amount_minor, currency, event_id, paid_at, created_at)
    select 'pay_' || right(${world.tenantId}, 20) || lpad(n::text, 6, '0'), ${world.tenantId}, ${refereeId}, 10000, 'EUR', 'p-' || n, ${START}::timestamptz + n * interval '1 day', ${START}
    from generate_series(1, ${days}::int) as n`);
  const settle = (): Promise<Cost> => world.within(async (tx) => {
    let statements = 0;
    const counted: Tx = { ...tx, sql: new Proxy(tx.sql, { apply: (target, self, asked): unknown => { statements += 1; return Reflect.apply(target, self, asked); } }) };
    const set = jest.spyOn(Map.prototype, 'set');
    try {
      await settleRewards(counted, { tenantId: world.tenantId, referralIds: [id], now: START + (DAYS + 1) * DAY_MS });
      return { statements, steps: set.mock.calls.length };
    } finally {
      set.mockRestore();
    }
  });
  const first = await settle();
  const again = await settle();
  const [row] = await world.within((tx) => tx.sql<{ rewards: number; transfers: number }[]>`select (select count(*)::int from rewards) as rewards, (select count(*)::int from transfers) as transfers`);
  expect(row).toEqual({ rewards: days * RULES, transfers: days * RULES });
  return { ...first, again };
}

test('the first settling of a referee with many payments and rules takes as many statements as one with few, and steps in proportion', async () => {
  const few = await costOf(DAYS / 4);
  const many = await costOf(DAYS);
  expect(many.statements).toBe(few.statements);
  expect(many.again.statements).toBe(few.again.statements);
  // What does not grow with them is in both.
  expect(many.steps).toBeLessThanOrEqual(4.2 * few.steps);
  expect(many.again.steps).toBeLessThanOrEqual(4.2 * few.again.steps);
  expect(few.steps).toBeGreaterThan(DAYS / 4 * RULES);
}, 60_000);
