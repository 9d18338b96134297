import type { MemberId, ProgramId, ReferralId } from '../ids.ts';
import type { RewardNotice } from './notices-of-rewards.ts';

/** Facts that are told to us later than this are no news: histories are sent, too. */
const NEWS_FOR_MS = 7 * 86_400_000;

/** A referral of which a step is to be told. `at`: when it happened, epoch ms. */
export type ReferralStep = { readonly id: ReferralId; readonly programId: ProgramId; readonly referrerId: MemberId; readonly at: number };

/** To the referrer: somebody came. Who it was is not said. */
export function signedUpNotice(step: ReferralStep): RewardNotice {
  return noticeOf(step, 'friend_signed_up', 'signed_up');
}

/** To the referrer: who came has got to first value. */
export function activatedNotice(step: ReferralStep): RewardNotice {
  return noticeOf(step, 'friend_activated', 'activated');
}

function noticeOf({ id, programId, referrerId, at }: ReferralStep, kind: RewardNotice['kind'], step: string): RewardNotice {
  return { key: `${id}:${step}`, kind, programId, memberId: referrerId, values: {}, expiresAt: at + NEWS_FOR_MS };
}
