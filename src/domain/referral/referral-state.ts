import type { Course } from '../reward/read-course.ts';
import { leftOf, type StoredReward } from '../reward/stored-reward.ts';

/** How far a referral has come. */
export const REFERRAL_STATES = {
  attributed: 'Signed up through somebody.',
  activated: 'Reached first value.',
  qualified: 'Paid, and something is left of it.',
  rewarded: 'Something earned by it was given.',
  voided: 'It is none (one person, or taken back by an operator), or all that it earned was taken back.',
} as const;
export type ReferralState = keyof typeof REFERRAL_STATES;

type Standing = {
  readonly course: Course;
  /** All generations of all its rewards. */
  readonly rewards: readonly Pick<StoredReward, 'state' | 'grantedMinor' | 'takenBackMinor'>[];
  /** One person, or voided by an operator. */
  readonly isNone: boolean;
};

/** A referral's state, of its facts and rewards alone: it may go back as well as forth. */
export function referralState({ course, rewards, isNone }: Standing): ReferralState {
  const left = rewards.filter((reward) => leftOf(reward) > 0);
  if (isNone || (rewards.length > 0 && left.length === 0)) return 'voided';
  if (left.some(({ state }) => state !== 'held')) return 'rewarded';
  return reachedBy(course);
}

/** How far its facts alone have brought it. */
export function reachedBy({ payments, firstValueAt }: Course): 'attributed' | 'activated' | 'qualified' {
  if (payments.some(({ keptMinor }) => keptMinor > 0)) return 'qualified';
  return firstValueAt === null ? 'attributed' : 'activated';
}
