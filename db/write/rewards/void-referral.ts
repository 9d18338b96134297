import type { MemberId, ProgramId, ReferralId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { isReferralVoided, WHOLE_REFERRAL, wholeReferralKey } from '../../read/reward-refusals.ts';
import { recordDecision } from '../decide.ts';
import { lockReferrals } from './lock-referrals.ts';
import { settleRewards } from './settle-rewards.ts';
import { insertRefusals } from './write-refusals.ts';

export type ReferralToVoid = { readonly tenantId: TenantId; readonly referralId: ReferralId; readonly reason: string; readonly actor: string; readonly now: number };

/**
 * Takes a whole referral back, for good: what it earned is voided or reversed, milestones no longer count it, and whatever
 * comes later is refused with the operator's words. Doing it again changes nothing. Null: there is no such referral.
 */
export async function voidReferral(tx: Tx, { tenantId, referralId, reason, actor, now }: ReferralToVoid): Promise<'voided' | 'voided_before' | null> {
  await lockReferrals(tx, tenantId, { ids: [referralId] });
  const [referral] = await tx.sql<{ programId: ProgramId; referrerId: MemberId; state: string; signedUpAt: number }[]>`
    select program_id as "programId", referrer_id as "referrerId", state, signed_up_at as "signedUpAt" from referrals where tenant_id = ${tenantId} and id = ${referralId}`;
  if (referral === undefined) return null;
  if (await isReferralVoided(tx, tenantId, referralId)) return 'voided_before';
  const { programId, referrerId, state, signedUpAt } = referral;
  insertRefusals(tx, tenantId, [{
    key: wholeReferralKey(referralId), programId, referralId, memberId: referrerId, ruleKey: WHOLE_REFERRAL, side: 'referrer', reason: 'operator', detail: reason, earnedAt: signedUpAt,
  }], now);
  await recordDecision(tx, { tenantId, subjectId: referralId, kind: 'referral_voided', rule: 'An operator took the referral back, for good.', inputs: { stateBefore: state, reason }, actor, now });
  await settleRewards(tx, { tenantId, referralIds: [referralId], now });
  return 'voided';
}
