import { approveReward } from '../../../db/write/rewards/approve-reward.ts';
import { holdReward } from '../../../db/write/rewards/hold-reward.ts';
import { redeemReward } from '../../../db/write/rewards/redeem-reward.ts';
import { voidReferral } from '../../../db/write/rewards/void-referral.ts';
import { voidReward } from '../../../db/write/rewards/void-reward.ts';
import type { RewardId } from '../../../src/domain/ids.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { DAY_MS, openRewards, START, type RewardsWorld } from '../../support/arrange-rewards.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const terms: RewardTerms = { holdDays: 30, rules: [{ key: 'every', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 1_000 } }], caps: [{ per: 'total', most: { rewards: 100 } }] };
const NOW = START + 2 * DAY_MS;

async function withOneHeld(): Promise<{ world: RewardsWorld; id: Awaited<ReturnType<RewardsWorld['refer']>>['id']; refereeId: Awaited<ReturnType<RewardsWorld['refer']>>['refereeId']; rewardId: RewardId; order: { tenantId: RewardsWorld['tenantId']; rewardId: RewardId; actor: string; now: number }; payment: Awaited<ReturnType<RewardsWorld['pay']>> }> {
  const world = await openRewards(database, terms);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  const [reward] = await world.rewards();
  if (reward === undefined) throw new Error('nothing was given');
  return { world, id, refereeId, payment, rewardId: reward.id, order: { tenantId: world.tenantId, rewardId: reward.id, actor: 'key_test', now: NOW } };
}

test('an approved reward is released before its hold is over, with who did it', async () => {
  const { world, order, id } = await withOneHeld();
  expect(await world.within((tx) => approveReward(tx, order))).toEqual({ outcome: 'done' });
  expect(await world.rewards()).toMatchObject([{ state: 'released', holdUntil: NOW }]);
  expect(await world.state(id)).toBe('rewarded');
  expect(await world.within((tx) => approveReward(tx, order))).toEqual({ outcome: 'refused', reason: 'not_held' });
  expect(await world.within((tx) => tx.sql`select kind, actor from decisions where subject_id = ${order.rewardId} and kind !~ '^notice_'`)).toEqual([{ kind: 'reward_approved', actor: 'key_test' }]);
});

test('approving one ends the review of its referral; a dispute is not an operator\'s to end', async () => {
  const { world, order, id, refereeId, payment } = await withOneHeld();
  await world.pay(refereeId, { amountMinor: 20_000 });
  await world.within((tx) => tx.sql`update referrals set under_review = true where id = ${id}`);
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held paused by review EUR': 3_000 });
  await world.change(payment, 'dispute_opened', NOW, { disputeId: 'x' });
  await world.settle([id]);
  expect(await world.within((tx) => approveReward(tx, order))).toEqual({ outcome: 'refused', reason: 'in_dispute' });
  await world.change(payment, 'dispute_won', NOW, { disputeId: 'x' });
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held paused by review EUR': 3_000 });
  expect(await world.within((tx) => approveReward(tx, order))).toEqual({ outcome: 'done' });
  expect(await world.standing()).toEqual({ 'released EUR': 1_000, 'held EUR': 2_000 });
});

test.each(['held', 'released', 'redeemed'])('what an operator takes back while it is %s never comes again by the next fact', async (state) => {
  const { world, order, id, refereeId } = await withOneHeld();
  if (state !== 'held') await world.within((tx) => approveReward(tx, order));
  if (state === 'redeemed') expect(await world.within((tx) => redeemReward(tx, order))).toEqual({ outcome: 'done' });
  expect(await world.within((tx) => voidReward(tx, { ...order, reason: 'two accounts' }))).toEqual({ outcome: 'done' });
  expect(await world.within((tx) => voidReward(tx, { ...order, reason: 'again' }))).toEqual({ outcome: 'refused', reason: 'not_from_this_state' });
  expect(await world.state(id)).toBe('voided');
  await world.pay(refereeId, { amountMinor: 20_000, at: START + 3 * DAY_MS });
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 2_000 });
  expect(await world.rewards()).toMatchObject([{ state: state === 'held' ? 'voided' : 'reversed', reason: 'operator' }, { state: 'held' }]);
  const clawback = (await world.balances()).get(`member_clawback/${world.referrer}/EUR`);
  expect(clawback).toBe(state === 'redeemed' ? -1_000 : undefined);
});

test('a voided referral gives back all it earned, and earns nothing any more', async () => {
  const { world, id, refereeId } = await withOneHeld();
  const asked = { tenantId: world.tenantId, referralId: id, reason: 'bought traffic', actor: 'key_test', now: NOW };
  expect(await world.within((tx) => voidReferral(tx, asked))).toBe('voided');
  expect(await world.within((tx) => voidReferral(tx, asked))).toBe('voided_before');
  await world.pay(refereeId, { amountMinor: 20_000 });
  await world.settle([id]);
  expect(await world.standing()).toEqual({});
  expect(await world.balances()).toEqual(new Map());
  expect(await world.state(id)).toBe('voided');
  expect((await world.refusals()).map(({ reason, detail }) => `${reason}: ${detail}`)).toEqual(Array.from({ length: 3 }, () => 'operator: bought traffic'));
});

test('a milestone that an operator took back is not reached again; one that waits for a review is not approved over its head', async () => {
  const world = await openRewards(database, { holdDays: 30, rules: [], milestones: [{ key: 'friends', counts: 'signed_up', tiers: [1, 2].map((reached) => ({ reached, unit: 'EUR', amountMinor: 100 * reached })) }] });
  const [one, other] = [await world.refer(), await world.refer({ at: START + 1 })];
  const ids = [one.id, other.id];
  await world.settle(ids);
  const [first, second] = await world.rewards();
  if (first === undefined || second === undefined) throw new Error('nothing was given');
  const order = { tenantId: world.tenantId, actor: 'key_test', now: NOW };
  expect(await world.within((tx) => voidReward(tx, { ...order, rewardId: first.id, reason: 'no' }))).toEqual({ outcome: 'done' });
  await world.within((tx) => tx.sql`update referrals set under_review = true where id = ${other.id}`);
  await world.settle(ids);
  expect(await world.standing()).toEqual({ 'held paused by review EUR': 200 });
  expect(await world.within((tx) => approveReward(tx, { ...order, rewardId: second.id }))).toEqual({ outcome: 'refused', reason: 'milestone_under_review' });
  await world.within((tx) => voidReferral(tx, { tenantId: world.tenantId, referralId: one.id, reason: 'no', actor: 'key_test', now: NOW }));
  expect(await world.standing()).toEqual({});
});

test('a hold can be made longer and shorter; the row is the truth for the next look', async () => {
  const { world, order, id } = await withOneHeld();
  const until = START + 50 * DAY_MS;
  expect(await world.within((tx) => holdReward(tx, { ...order, hold: { until } }))).toEqual({ outcome: 'done' });
  expect(await world.release([id], until - 1)).toMatchObject({ released: 0 });
  expect(await world.within((tx) => holdReward(tx, { ...order, hold: { extendDays: 1 } }))).toEqual({ outcome: 'done' });
  expect(await world.release([id], until)).toMatchObject({ released: 0 });
  expect(await world.within((tx) => holdReward(tx, { ...order, hold: { until: NOW } }))).toEqual({ outcome: 'refused', reason: 'past' });
  expect(await world.within((tx) => holdReward(tx, { ...order, hold: { until: NOW + 366 * DAY_MS } }))).toEqual({ outcome: 'refused', reason: 'too_far' });
  expect(await world.within((tx) => holdReward(tx, { ...order, hold: { until: NOW + 1 } }))).toEqual({ outcome: 'done' });
  // A later fact does not put the old hold back.
  await world.settle([id], NOW);
  expect(await world.release([id], NOW + 1)).toMatchObject({ released: 1 });
});

test('a held reward cannot be used, and a used one cannot be used again', async () => {
  const { world, order } = await withOneHeld();
  expect(await world.within((tx) => redeemReward(tx, order))).toEqual({ outcome: 'refused', reason: 'not_from_this_state' });
  await world.within((tx) => approveReward(tx, order));
  expect(await world.within((tx) => redeemReward(tx, order))).toEqual({ outcome: 'done' });
  expect(await world.within((tx) => redeemReward(tx, order))).toEqual({ outcome: 'refused', reason: 'not_from_this_state' });
  expect((await world.balances()).get('redeemed//EUR')).toBe(1_000);
});

test('what an operator orders is booked at once: the books, which come last in the order of locks, are taken a single time', async () => {
  const { world, order, id, refereeId } = await withOneHeld();
  await world.pay(refereeId, { amountMinor: 20_000 });
  await world.within((tx) => tx.sql`update referrals set under_review = true where id = ${id}`);
  await world.settle([id]);
  await database.superuser`create table books_taken (tenant_id text, at xid8)`;
  await database.superuser`create function note_books() returns trigger language plpgsql security definer as $$ begin insert into public.books_taken values (new.tenant_id, pg_current_xact_id()); return null; end $$`;
  await database.superuser`create trigger books_are_taken after update on ledgers for each row execute function note_books()`;
  expect(await world.within((tx) => approveReward(tx, order))).toEqual({ outcome: 'done' });
  expect(await world.standing()).toEqual({ 'released EUR': 1_000, 'held EUR': 2_000 });
  expect(await world.within((tx) => voidReward(tx, { ...order, reason: 'two accounts' }))).toEqual({ outcome: 'done' });
  expect(await world.standing()).toEqual({ 'held EUR': 2_000 });
  expect(await world.state(id)).toBe('qualified');
  const taken = await database.superuser<{ times: number }[]>`select count(*)::int as times from books_taken where tenant_id = ${world.tenantId} group by at`;
  expect(taken).toEqual([{ times: 1 }, { times: 1 }]);
});
