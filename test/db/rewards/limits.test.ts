import { updateProgram } from '../../../db/write/update-program.ts';
import { lockProgram } from '../../../db/read/programs.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const each = (more: Partial<RewardTerms>): RewardTerms => ({ holdDays: 30, rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 100 } }], ...more });

test('a budget is never overspent by a burst: what finds no room is refused, with how much is left', async () => {
  const world = await openRewards(database, each({ budgets: [{ unit: 'EUR', totalMinor: 1_050 }] }));
  const all = await Promise.all(Array.from({ length: 40 }, () => world.refer()));
  await Promise.all(all.map(async ({ id, refereeId }) => {
    await world.pay(refereeId, { amountMinor: 5_000 });
    await world.settle([id]);
  }));
  expect(await world.standing()).toEqual({ 'held EUR': 1_000 });
  expect(await world.budget('EUR')).toEqual({ total: 1_050, reserved: 1_000, confirmed: 0 });
  const refusals = await world.refusals();
  expect(refusals).toHaveLength(30);
  expect(new Set(refusals.map(({ reason, detail }) => `${reason}: ${detail}`))).toEqual(new Set(['budget_spent: 50 of EUR are left in the budget, 100 are needed.']));
});

test('a cap on a person is never passed by a burst, and what is taken back makes room for others', async () => {
  const world = await openRewards(database, each({ caps: [{ per: 'month', most: { rewards: 3 } }, { per: 'total', most: { unit: 'EUR', amountMinor: 100_000 } }] }));
  const all = await Promise.all(Array.from({ length: 20 }, () => world.refer()));
  const payments = new Map<string, Awaited<ReturnType<typeof world.pay>>>();
  await Promise.all(all.map(async ({ id, refereeId }) => {
    payments.set(id, await world.pay(refereeId, { amountMinor: 5_000 }));
    await world.settle([id]);
  }));
  expect(await world.standing()).toEqual({ 'held EUR': 300 });
  const [given] = (await world.rewards()).filter(({ state }) => state === 'held');
  const payment = payments.get(given?.referralId ?? '');
  if (given?.referralId == null || payment === undefined) throw new Error('nothing given');
  await world.change(payment, 'refunded', START + 2 * DAY_MS);
  await world.settle([given.referralId]);
  expect(await world.standing()).toEqual({ 'held EUR': 200 });
  // What was refused for good is not asked again because something else happened.
  await world.settle(all.map(({ id }) => id));
  expect(await world.standing()).toEqual({ 'held EUR': 200 });
  const late = await world.refer();
  await world.pay(late.refereeId, { amountMinor: 5_000 });
  await world.settle([late.id]);
  expect(await world.standing()).toEqual({ 'held EUR': 300 });
});

test('a day of a cap is one of the tenant\'s zone, and of when it was earned', async () => {
  const world = await openRewards(database, each({ caps: [{ per: 'day', most: { rewards: 1 } }] }), { zone: 'Pacific/Auckland' });
  // 11:59 UTC is 23:59 in Auckland in June; 12:00 UTC the next day.
  for (const at of ['2026-06-10T11:58:00Z', '2026-06-10T11:59:00Z', '2026-06-10T12:00:00Z']) {
    const { id, refereeId } = await world.refer();
    await world.pay(refereeId, { amountMinor: 5_000, at: Date.parse(at) });
    await world.settle([id]);
  }
  expect((await world.rewards()).map(({ earnedAt }) => new Date(earnedAt).toISOString())).toEqual(['2026-06-10T11:58:00.000Z', '2026-06-10T12:00:00.000Z']);
});

test('what is taken back goes back to the day it was taken from, although the tenant counts days by another zone since', async () => {
  const world = await openRewards(database, each({ caps: [{ per: 'day', most: { rewards: 10 } }] }), { zone: 'Pacific/Auckland' });
  const paidAt = async (at: string): Promise<{ id: Awaited<ReturnType<typeof world.refer>>['id']; payment: Awaited<ReturnType<typeof world.pay>> }> => {
    const { id, refereeId } = await world.refer();
    const payment = await world.pay(refereeId, { amountMinor: 5_000, at: Date.parse(at) });
    await world.settle([id]);
    return { id, payment };
  };
  const caps = async (): Promise<Record<string, number>> => Object.fromEntries(
    (await database.superuser<{ key: string; used: number }[]>`select key, used from reward_caps where tenant_id = ${world.tenantId}`).map(({ key, used }) => [key.split('/')[2] ?? '', used]));
  // The 11th in Auckland, the 10th in London.
  const { id, payment } = await paidAt('2026-06-10T13:00:00Z');
  await database.superuser`update tenants set zone = 'Europe/London' where id = ${world.tenantId}`;
  await paidAt('2026-06-10T13:00:00Z');
  expect(await caps()).toEqual({ '2026-06-11': 1, '2026-06-10': 1 });
  await world.change(payment, 'refunded', START + 20 * DAY_MS);
  await world.settle([id]);
  expect(await caps()).toEqual({ '2026-06-11': 0, '2026-06-10': 1 });
});

test('a budget that comes later counts what was given before; one below that gives nothing more; taken away, nothing is limited', async () => {
  const world = await openRewards(database, each({}));
  const give = async (): Promise<void> => {
    const { id, refereeId } = await world.refer();
    await world.pay(refereeId, { amountMinor: 5_000 });
    await world.settle([id]);
  };
  const setBudgets = (budgets: RewardTerms['budgets']) => world.within(async (tx) => {
    const before = await lockProgram(tx, world.tenantId, world.programId);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: world.tenantId, title: 'Friends', terms: { ...before.terms, rewards: each(budgets === undefined ? {} : { budgets }) }, actor: 'test', now: START });
  });
  await give();
  await give();
  await setBudgets([{ unit: 'EUR', totalMinor: 150 }]);
  expect(await world.budget('EUR')).toEqual({ total: 150, reserved: 200, confirmed: 0 });
  await give();
  expect(await world.refusals()).toMatchObject([{ reason: 'budget_spent', detail: '0 of EUR are left in the budget, 100 are needed.' }]);
  await setBudgets([{ unit: 'EUR', totalMinor: 300 }]);
  await give();
  await setBudgets(undefined);
  await give();
  expect(await world.standing()).toEqual({ 'held EUR': 400 });
});

test('two requests that touch the same referrals in opposite orders, with caps, budgets and milestones, both end', async () => {
  const world = await openRewards(database, each({ caps: [{ per: 'total', most: { rewards: 1_000 } }], budgets: [{ unit: 'EUR', totalMinor: 1_000_000 }], milestones: [{ key: 'm', counts: 'converted', tiers: [{ reached: 20, unit: 'EUR', amountMinor: 1 }] }] }));
  const others = await Promise.all([1, 2, 3].map(() => world.makeMember()));
  const all = await Promise.all(Array.from({ length: 20 }, (_none, n) => world.refer(n % 2 === 0 ? {} : { referrer: others[n % 3] ?? world.referrer })));
  for (const { refereeId } of all) await world.pay(refereeId, { amountMinor: 5_000 });
  const ids = all.map(({ id }) => id);
  const deadlocksBefore = await database.superuser<{ n: number }[]>`select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  await Promise.all(Array.from({ length: 20 }, (_none, n) => world.settle(n % 2 === 0 ? ids : ids.toReversed().slice(n % 7))));
  expect((await world.standing())['held EUR']).toBe(2_000);
  const deadlocks = await database.superuser<{ n: number }[]>`select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  expect(deadlocks).toEqual(deadlocksBefore);
});
