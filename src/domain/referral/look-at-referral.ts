import { readCourse } from '../reward/read-course.ts';
import type { RewardFact } from '../reward/facts.ts';
import type { RewardTerms } from '../reward/reward-terms.ts';
import { leftOf, type StoredReward } from '../reward/stored-reward.ts';
import { lastChanceAt } from './last-chance.ts';
import type { ReferralLook } from './look.ts';
import { reachedBy, referralState } from './referral-state.ts';

export type ReferralToLookAt = {
  readonly facts: readonly RewardFact[];
  /** Null: the program rewards nothing. */
  readonly terms: RewardTerms | null;
  /** All generations of all its rewards. */
  readonly rewards: readonly (StoredReward & { readonly holdUntil: number; readonly expiresAt: number | null })[];
  /** One person, or voided by an operator: nothing can come any more. */
  readonly isNone: boolean;
};

/**
 * What a referral waits for: the end of a hold, a dispute or review, an expiry, or something that may still be earned. Its
 * life is over once nothing is held, nothing can expire, and either no rule can give anything more or all was silent for 90 days.
 */
export function lookAtReferral({ facts, terms, rewards, isNone }: ReferralToLookAt, now: number): ReferralLook {
  const course = readCourse(facts);
  const here = rewards.filter((reward) => (reward.state === 'held' || reward.state === 'released') && leftOf(reward) > 0 && !reward.inPayout);
  const held = here.filter(({ state, pausedBy }) => state === 'held' && pausedBy === null);
  const expiring = here.flatMap(({ state, pausedBy, expiresAt }) => (state === 'released' && pausedBy === null && expiresAt !== null ? [expiresAt] : []));
  const wakes = [...held.map(({ holdUntil }) => holdUntil), ...expiring];
  // One by one: there may be more than a call takes arguments.
  const nextAt = wakes.length === 0 ? null : wakes.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
  if (here.some(({ pausedBy }) => pausedBy !== null)) return { kind: 'goes_on', stage: 'paused', nextAt };
  if (held.length > 0) return { kind: 'goes_on', stage: 'holding', nextAt };
  const endsAt = terms === null || isNone ? Number.NEGATIVE_INFINITY : lastChanceAt(terms, course, latestOf(facts));
  if (nextAt !== null) return { kind: 'goes_on', stage: reachedBy(course), nextAt };
  if (now < endsAt) return { kind: 'goes_on', stage: reachedBy(course), nextAt: endsAt };
  const state = referralState({ course, rewards, isNone });
  return { kind: 'over', outcome: state === 'rewarded' || state === 'voided' ? state : 'nothing_earned' };
}

function latestOf(facts: readonly RewardFact[]): number {
  return facts.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
}
