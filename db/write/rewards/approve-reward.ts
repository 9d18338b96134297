import type { Tx } from '../../client.ts';
import { loadReferralCourses } from '../../read/referral-courses.ts';
import { readCourse } from '../../../src/domain/reward/read-course.ts';
import { recordDecision } from '../decide.ts';
import { moveRewards } from './move-rewards.ts';
import { DONE, lockForOrder, mustHaveMoved, notDone, type Done, type Order } from './operate.ts';
import type { RewardRow } from './reward-row.ts';
import { settleRewards } from './settle-rewards.ts';

/**
 * Releases a held reward now, whatever is left of its hold. A review is ended by it, for all rewards of its referral. An open
 * dispute is not an operator's to end: refused, as is what is not held. Null: there is no such reward.
 */
export async function approveReward(tx: Tx, order: Order): Promise<Done | null> {
  const { tenantId, rewardId, actor, now } = order;
  const row = await lockForOrder(tx, order);
  if (row === null) return null;
  if (row.state !== 'held') return notDone('not_held');
  const pause = await whyPaused(tx, row);
  if (pause !== null) return notDone(pause);
  await recordDecision(tx, {
    tenantId, subjectId: rewardId, kind: 'reward_approved', rule: 'An operator ended the hold, and the review where one was open.',
    inputs: { referralId: row.referralId, holdUntil: row.holdUntil, pausedBy: row.pausedBy }, actor, now,
  });
  await tx.sql`update rewards set hold_until = ${now}, moved_at = ${now} where tenant_id = ${tenantId} and id = ${rewardId} and hold_until > ${now}`;
  const release = { rewardId, move: { kind: 'release' } } as const;
  if (row.pausedBy === null || row.referralId === null) {
    mustHaveMoved(await moveRewards(tx, { tenantId, moves: [release], now }));
  } else {
    await recordDecision(tx, {
      tenantId, subjectId: row.referralId, kind: 'referral_review_ended', rule: 'An operator approved a reward of it.', inputs: { rewardId }, actor, now,
    });
    await tx.sql`update referrals set under_review = false, moved_at = ${now} where tenant_id = ${tenantId} and id = ${row.referralId}`;
    // All of it at once: the books are locked last, and so only once.
    mustHaveMoved(await settleRewards(tx, { tenantId, referralIds: [row.referralId], now, moves: [{ rewardId, move: { kind: 'resume' } }, release] }));
  }
  return DONE;
}

/** What of a pause an operator cannot end here; null where there is nothing of it. */
async function whyPaused(tx: Tx, { pausedBy, referralId, key }: RewardRow): Promise<'in_dispute' | 'milestone_under_review' | null> {
  if (pausedBy === null) return null;
  if (referralId === null) return 'milestone_under_review';
  const [file] = await loadReferralCourses(tx, [referralId]);
  const payments = file === undefined ? [] : readCourse(file.course.facts).payments;
  return payments.some(({ conversionId, disputed }) => disputed && key.endsWith(`/conversion:${conversionId}`)) ? 'in_dispute' : null;
}
