import type { RewardId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { lockMilestones, lockReferrals } from './lock-referrals.ts';
import { lockRewards, type RewardRow } from './reward-row.ts';
import type { NotMoved, Stepped } from './run-steps.ts';

/** What an operator wants of one reward. `actor`: the key that asks. */
export type Order = { readonly tenantId: TenantId; readonly rewardId: RewardId; readonly actor: string; readonly now: number };

/** `not_held`: it has no hold any more. `in_dispute`, `milestone_under_review`: somebody else must end that first. `too_far`, `past`: of an instant. */
export type NotDone = NotMoved | 'not_held' | 'in_dispute' | 'milestone_under_review' | 'too_far' | 'past';
export type Done = { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly reason: NotDone };

export const DONE: Done = { outcome: 'done' };
export function notDone(reason: NotDone): Done {
  return { outcome: 'refused', reason };
}

/** Throws where a move that was found to be allowed, under the lock, was refused. */
export function mustHaveMoved(stepped: readonly Stepped[]): void {
  for (const one of stepped) if (one.outcome === 'refused') throw new Error(`reward ${one.rewardId} could not be moved: ${one.reason}`);
}

/** A reward locked as settling would lock it: its referral or its referrer's milestones first, so that settling after it waits for nothing new. Null: there is none. */
export async function lockForOrder(tx: Tx, { tenantId, rewardId }: Order): Promise<RewardRow | null> {
  const [named] = await tx.sql<Pick<RewardRow, 'referralId' | 'programId' | 'memberId'>[]>`
    select referral_id as "referralId", program_id as "programId", member_id as "memberId" from rewards where tenant_id = ${tenantId} and id = ${rewardId}`;
  if (named === undefined) return null;
  const { referralId, programId, memberId } = named;
  if (referralId === null) await lockMilestones(tx, tenantId, [{ programId, referrerId: memberId }]);
  else await lockReferrals(tx, tenantId, { ids: [referralId] });
  const [row] = await lockRewards(tx, tenantId, [rewardId]);
  return row ?? null;
}
