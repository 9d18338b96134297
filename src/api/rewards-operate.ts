import { z } from 'zod';
import type { Tx } from '../../db/client.ts';
import { listRewards, readReward } from '../../db/read/rewards.ts';
import { approveReward } from '../../db/write/rewards/approve-reward.ts';
import { holdReward, LONGEST_HOLD_DAYS } from '../../db/write/rewards/hold-reward.ts';
import type { Done, NotDone } from '../../db/write/rewards/operate.ts';
import { redeemReward } from '../../db/write/rewards/redeem-reward.ts';
import { voidReferral } from '../../db/write/rewards/void-referral.ts';
import { voidReward } from '../../db/write/rewards/void-reward.ts';
import type { RewardId, TenantId } from '../domain/ids.ts';
import { idIn, idOut, instantIn, textIn } from './fields.ts';
import { problem } from './problems.ts';
import { rewardBody, rewardOut } from './rewards-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Rewards';
const byId = z.strictObject({ id: idIn('rew') });
const reason = textIn(200).meta({ description: 'Why, for the audit log: a sentence without anything personal' });
const MOST_SHOWN = 100;

/** Why not, and what to do instead. */
const SAYS: Readonly<Record<Exclude<NotDone, 'not_found' | 'past' | 'too_far'>, string>> = {
  not_from_this_state: 'The reward does not stand so that this could be done: it was used, paid, expired or taken back already, or is still held. Read it to see.',
  not_held: 'The reward is not held any more. Read it to see what became of it.',
  paused: 'The reward is paused by a dispute or a review. Wait for its end, approve it, or void it.',
  not_paused: 'The reward is not paused.',
  in_payout: 'The reward stands in a payout. Cancel the payout first, or wait for its end.',
  not_in_payout: 'The reward stands in no payout.',
  in_dispute: 'A dispute of the payment is open: its outcome decides. Report `dispute_won` or `dispute_lost`, or void the reward.',
  milestone_under_review: 'The milestone waits for referrals under review or in dispute. Approve the rewards of those referrals.',
};

async function answerOf(tx: Tx, tenantId: TenantId, id: RewardId, done: Done | null) {
  if (done === null || (done.outcome === 'refused' && done.reason === 'not_found')) return problem('not_found');
  if (done.outcome === 'refused') {
    switch (done.reason) {
      case 'past': return problem('invalid_request', { errors: [{ path: '', message: 'The hold would end in the past. Approve the reward to release it now.' }] });
      case 'too_far': return problem('invalid_request', { errors: [{ path: '', message: `A hold may reach ${String(LONGEST_HOLD_DAYS)} days from now.` }] });
      case 'not_found': return problem('not_found');
      default: return problem('reward_conflict', { detail: SAYS[done.reason] });
    }
  }
  const reward = await readReward(tx, tenantId, id);
  if (reward === null) throw new Error('a reward that was just moved is gone');
  return { status: 200 as const, body: rewardBody(reward) };
}

/** What all that is done with one reward has in common. */
function operating() {
  return { tag, params: byId, query: none, keyed: true, answers: { 200: rewardOut }, problems: ['not_found', 'reward_conflict', 'invalid_request'] as const };
}

const approve = route({
  method: 'post',
  path: '/v1/rewards/{id}/approve',
  summary: 'Release a held reward now',
  description: 'Ends its hold, whatever is left of it, and the review of its referral where one is open: the referral\'s other rewards go on with their holds. An open dispute is not yours to end.',
  ...operating(),
  body: none,
  async handle({ tx, tenantId, keyId, now, params: { id } }) {
    return answerOf(tx, tenantId, id, await approveReward(tx, { tenantId, rewardId: id, actor: keyId, now }));
  },
});

const voidIt = route({
  method: 'post',
  path: '/v1/rewards/{id}/void',
  summary: 'Take a reward back, for good',
  description: 'All that is left of it. Held, it is voided; released, used or paid, it is reversed, and what was paid is netted against the next payout. No later fact grants it again.',
  ...operating(),
  body: z.strictObject({ reason }).meta({ examples: [{ reason: 'Two accounts of one household' }] }),
  async handle({ tx, tenantId, keyId, now, params: { id }, body }) {
    return answerOf(tx, tenantId, id, await voidReward(tx, { tenantId, rewardId: id, actor: keyId, now, reason: body.reason }));
  },
});

const hold = route({
  method: 'post',
  path: '/v1/rewards/{id}/hold',
  summary: 'Change until when a reward is held',
  description: 'Longer or shorter, up to 365 days from now. A longer hold moves the expiry with it; a shorter one leaves it. To release it at once, approve it.',
  ...operating(),
  body: z.union([z.strictObject({ until: instantIn }), z.strictObject({ extendDays: z.int().min(1).max(LONGEST_HOLD_DAYS) })]).meta({ examples: [{ until: '2026-09-01T00:00:00Z' }, { extendDays: 14 }] }),
  async handle({ tx, tenantId, keyId, now, params: { id }, body }) {
    return answerOf(tx, tenantId, id, await holdReward(tx, { tenantId, rewardId: id, actor: keyId, now, hold: body }));
  },
});

const redeem = route({
  method: 'post',
  path: '/v1/rewards/{id}/redeem',
  summary: 'Note that a reward was used',
  description: 'All that is left of a released reward: the points were spent, the class pass was shown. It can then no longer expire or be paid out.',
  ...operating(),
  body: none,
  async handle({ tx, tenantId, keyId, now, params: { id } }) {
    return answerOf(tx, tenantId, id, await redeemReward(tx, { tenantId, rewardId: id, actor: keyId, now }));
  },
});

const voidWhole = route({
  method: 'post',
  path: '/v1/referrals/{id}/void',
  tag,
  summary: 'Take a whole referral back, for good',
  description: 'All that it earned is voided or reversed, milestones no longer count it, and whatever comes later is refused with your reason. Doing it again changes nothing.',
  params: z.strictObject({ id: idIn('ref') }),
  query: none,
  body: z.strictObject({ reason }).meta({ examples: [{ reason: 'Bought traffic' }] }),
  keyed: true,
  answers: { 200: z.object({ referralId: idOut('ref'), state: z.literal('voided'), rewards: z.array(rewardOut).meta({ description: 'Its newest rewards, as they now stand' }) }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params: { id }, body }) {
    const voided = await voidReferral(tx, { tenantId, referralId: id, reason: body.reason, actor: keyId, now });
    if (voided === null) return problem('not_found');
    const rewards = await listRewards(tx, tenantId, { referralId: id, after: null, limit: MOST_SHOWN });
    return { status: 200, body: { referralId: id, state: 'voided' as const, rewards: rewards.map(rewardBody) } };
  },
});

export const rewardOperationRoutes: readonly Route[] = [approve, voidIt, hold, redeem, voidWhole];
