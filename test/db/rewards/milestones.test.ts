import { updateProgram } from '../../../db/write/update-program.ts';
import { lockProgram } from '../../../db/read/programs.ts';
import { releaseDueMilestones } from '../../../db/write/rewards/release-due.ts';
import { dueRewards } from '../../../db/read/due-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const tiers = (...reached: number[]) => reached.map((n) => ({ reached: n, unit: 'EUR', amountMinor: n * 100 }));
const friends: RewardTerms = { holdDays: 30, rules: [], milestones: [{ key: 'friends', counts: 'converted', tiers: tiers(1, 5) }] };

test('a milestone is reached once, lost with a refund, and reached again as a generation of its own', async () => {
  const world = await openRewards(database, friends);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 1_000 });
  await world.settle([id]);
  await world.settle([id]);
  expect(await world.rewards()).toMatchObject([{ referralId: null, memberId: world.referrer, grantedMinor: 100, state: 'held', generation: 0 }]);
  await world.change(payment, 'refunded', START + 2 * DAY_MS);
  await world.settle([id]);
  expect(await world.standing()).toEqual({});
  const other = await world.refer();
  await world.pay(other.refereeId, { amountMinor: 1_000 });
  await world.settle([other.id]);
  expect(await world.standing()).toEqual({ 'held EUR': 100 });
  expect((await world.rewards()).map(({ generation, state }) => `${String(generation)} ${state}`)).toEqual(['0 voided', '1 held']);
});

test('friends who convert at the same time are all counted: the last to commit sees the others', async () => {
  const world = await openRewards(database, friends);
  const all = await Promise.all(Array.from({ length: 12 }, () => world.refer()));
  await Promise.all(all.map(async ({ id, refereeId }) => {
    await world.pay(refereeId, { amountMinor: 1_000 });
    await world.settle([id]);
  }));
  expect(await world.standing()).toEqual({ 'held EUR': 600 });
});

test('a tier that was reached stays as it was promised, whatever a later version says', async () => {
  const world = await openRewards(database, friends);
  const first = await world.refer();
  await world.pay(first.refereeId, { amountMinor: 1_000 });
  await world.settle([first.id]);
  await world.within(async (tx) => {
    const before = await lockProgram(tx, world.tenantId, world.programId);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: world.tenantId, title: 'Friends', terms: { ...before.terms, rewards: { ...friends, milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 7 }, { reached: 2, unit: 'EUR', amountMinor: 9 }] }] } }, actor: 'test', now: START });
  });
  const second = await world.refer({ version: 2 });
  await world.pay(second.refereeId, { amountMinor: 1_000, at: START + 2 * DAY_MS });
  await world.settle([second.id]);
  expect((await world.rewards()).map(({ grantedMinor, programVersion }) => [grantedMinor, programVersion])).toEqual([[100, 1], [9, 2]]);
});

test('when the credit is corrected, what the wrong referrer had is taken back, their milestones too, and the right one gets it anew', async () => {
  const world = await openRewards(database, { ...friends, rules: [{ key: 'first', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 50 } }] });
  const { id, refereeId } = await world.refer();
  await world.pay(refereeId, { amountMinor: 1_000 });
  await world.settle([id]);
  const right = await world.makeMember();
  await world.within(async (tx) => {
    await tx.sql`
      insert into credit_claims (tenant_id, referee_id, id, program_id, referrer_id, kind, at, outcome, reason, decided_at)
      values (${world.tenantId}, ${refereeId}, 'old', ${world.programId}, ${world.referrer}, 'click', ${START}, 'lost', 'corrected', ${START})`;
    await tx.sql`update referrals set referrer_id = ${right} where id = ${id}`;
  });
  await world.settle([id]);
  const left = (await world.rewards()).filter(({ state }) => state === 'held').map(({ memberId, grantedMinor, generation }) => [memberId, grantedMinor, generation]);
  expect(left.toSorted()).toEqual([[right, 100, 0], [right, 50, 1]].toSorted());
  expect(await world.balances()).toEqual(new Map([[`member_held/${right}/EUR`, 150], [`program_budget/${world.programId}/EUR`, -150]]));
});

test('the sweep finds milestones as soon as their hold is over: they have no run', async () => {
  const world = await openRewards(database, friends);
  const { id, refereeId } = await world.refer();
  await world.pay(refereeId, { amountMinor: 1_000, at: START });
  await world.settle([id]);
  const { tenantId } = world;
  const due = (now: number) => world.within((tx) => dueRewards(tx, { tenantId, now, most: 10 }));
  expect(await due(START + 30 * DAY_MS - 1)).toEqual({ referralIds: [], pairs: [] });
  const { pairs } = await due(START + 30 * DAY_MS);
  expect(pairs).toEqual([{ programId: world.programId, referrerId: world.referrer }]);
  expect(await world.within((tx) => releaseDueMilestones(tx, { tenantId, pairs, now: START + 30 * DAY_MS }))).toMatchObject({ released: 1 });
  expect(await world.standing()).toEqual({ 'released EUR': 100 });
});
