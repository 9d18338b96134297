import { correctReferral } from '../../../db/write/correct-referral.ts';
import { cancelBatch } from '../../../db/write/payouts/cancel-payouts.ts';
import { createBatch } from '../../../db/write/payouts/create-batch.ts';
import { voidReward } from '../../../db/write/rewards/void-reward.ts';
import { asId } from '../../../src/domain/ids.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { fact, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../../support/referrals.ts';

let database: TestDatabase;
let world: TestReferrals;
beforeAll(async () => {
  database = await openTestDatabase();
  world = await openTestReferrals();
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const whole = (more: Partial<RewardTerms> = {}): RewardTerms => ({ holdDays: 30, rules: [{ key: 'every', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 10_000 } }], ...more });
type Reward = { id: string; member: string; left: number; state: string; reason: string | null };
const earned = async (one: TestReferrals) => one.database.superuser<Reward[]>`
  select r.id, m.external_id as member, (r.granted_minor - r.taken_back_minor)::bigint as left, r.state, r.reason
  from rewards r join members m on m.id = r.member_id where r.tenant_id = ${one.tenantId} order by r.created_at, r.earned_at, r.generation, r.id`;
const refused = async (one: TestReferrals) => one.database.superuser<{ member: string; reason: string }[]>`
  select m.external_id as member, f.reason from reward_refusals f join members m on m.id = f.member_id where f.tenant_id = ${one.tenantId}`;
const open = async (terms: RewardTerms) => {
  const one = await world.another();
  await one.program({ rewards: terms });
  const joins = async (referee: string, referrer: string) => one.tell(fact('signed_up', referee, { code: await one.codeOf(referrer) }));
  return { one, joins };
};

test('a payment whose reward is more than books can count is stored, and the reward refused with its reason', async () => {
  const { one, joins } = await open(whole());
  await joins('ben', 'ana');
  await one.tell(paid('ben', ['a'], Number.MAX_SAFE_INTEGER));
  expect(await one.tell(paid('ben', ['b'], Number.MAX_SAFE_INTEGER, { occurredAt: NOON + 1 }))).toMatchObject([{ outcome: 'stored' }]);
  expect(await earned(one)).toMatchObject([{ left: Number.MAX_SAFE_INTEGER, state: 'held' }]);
  expect(await refused(one)).toMatchObject([{ member: 'ana', reason: 'budget_spent' }]);
});

test('what an operator took back does not come again because its payment got another name', async () => {
  const { one, joins } = await open(whole());
  await joins('ben', 'ana');
  await one.tell(refund(['ch_1'], 0, { occurredAt: NOON - 5 }));
  await one.tell(paid('ben', ['pi_1'], 1_000));
  const [reward] = await earned(one);
  await one.database.app.asTenant(one.tenantId, (tx) => voidReward(tx, { tenantId: one.tenantId, rewardId: asId('rew', reward?.id ?? ''), actor: 'test', now: NOON, reason: 'fraud' }));
  await one.tell(refund(['pi_1', 'ch_1'], 0));
  expect(await earned(one)).toMatchObject([{ left: 0, state: 'voided', reason: 'operator' }]);
});

test('a cap that the referrer before had reached does not keep the corrected one from earning', async () => {
  const { one, joins } = await open(whole({ caps: [{ per: 'total', most: { rewards: 1 } }] }));
  await joins('ben', 'ana');
  await joins('cleo', 'ana');
  await one.upsert({ externalId: 'dan' });
  await one.tell(paid('ben', ['b'], 1_000));
  await one.tell(paid('cleo', ['c'], 1_000));
  expect(await refused(one)).toEqual([{ member: 'ana', reason: 'cap_reached' }]);
  const [row] = await one.database.superuser<{ id: string }[]>`select r.id from referrals r join members m on m.id = r.referee_id where r.tenant_id = ${one.tenantId} and m.external_id = 'cleo'`;
  await one.database.app.asTenant(one.tenantId, (tx) => correctReferral(tx, { tenantId: one.tenantId, referralId: asId('ref', row?.id ?? ''), referrerExternalId: 'dan', reason: 'a mistake', actor: 'test', now: NOON }));
  expect(new Map((await earned(one)).map(({ member, left }) => [member, left]))).toEqual(new Map([['ana', 1_000], ['dan', 1_000]]));
  expect(await refused(one)).toEqual([]);
});

test('a dispute that was opened while the reward stood in a payout holds it once the payout is canceled', async () => {
  const at = await openRewards(database, whole({ holdDays: 1 }));
  const { id, refereeId } = await at.refer();
  const payment = await at.pay(refereeId, { amountMinor: 1_000 });
  await at.settle([id]);
  const now = START + 5 * DAY_MS;
  await at.release([id], now);
  const batch = { tenantId: at.tenantId, unit: 'EUR', cutOff: now, excluded: [], minimumMinor: 0, needsPayee: false, actor: 'test', now };
  const made = await at.within((tx) => createBatch(tx, batch));
  if (made.outcome !== 'created') throw new Error(made.outcome);
  await at.change(payment, 'dispute_opened', now);
  await at.settle([id], now);
  await at.within((tx) => cancelBatch(tx, { tenantId: at.tenantId, batchId: made.batchId, actor: 'test', now }));
  expect(await at.standing()).toEqual({ 'released paused by dispute EUR': 1_000 });
  expect(await at.within((tx) => createBatch(tx, batch))).toMatchObject({ outcome: 'nothing_to_pay' });
});
