import type { EvaluatedReward, PausedBy } from './evaluated-reward.ts';
import type { ReferralCourse } from './facts.ts';
import { holdTimes } from './hold-times.ts';
import { judgeOccasion } from './judge-occasion.ts';
import { occasionsOf, type Occasion } from './occasions.ts';
import { readCourse, type Course } from './read-course.ts';
import type { RewardRule, RewardTerms, Side } from './reward-terms.ts';

/**
 * Which rewards one referral's facts give now: one for each side, rule and occasion, held or refused with its reason, in the
 * order of the rules and of time. Pure, and a function of the set of facts: their order and repeats change nothing, and a
 * refund or a lost dispute is simply a smaller payment. Without a sign-up nothing is earned yet; what came earlier then
 * counts. Says nothing of caps and budgets (`takeLimits`), of milestones (`evaluateMilestones`), or of what was given
 * before (`movesFor`).
 */
export function evaluateRewards(terms: RewardTerms, referral: ReferralCourse): EvaluatedReward[] {
  const course = readCourse(referral.facts);
  const { signedUp } = course;
  if (signedUp === null) return [];
  return terms.rules.flatMap((rule) =>
    occasionsOf(rule, course).flatMap((occasion) =>
      sidesOf(rule).map((side) => evaluate({ rule, occasion, side, signedUp, referral, holdDays: rule.holdDays ?? terms.holdDays }))));
}

type Question = {
  readonly rule: RewardRule;
  readonly occasion: Occasion;
  readonly side: Side;
  readonly signedUp: NonNullable<Course['signedUp']>;
  readonly referral: ReferralCourse;
  readonly holdDays: number;
};

function evaluate({ rule, occasion, side, signedUp, referral, holdDays }: Question): EvaluatedReward {
  const named = {
    key: `${referral.referralId}/${rule.key}/${side}/${occasion.name}`,
    ruleKey: rule.key,
    side,
    memberId: side === 'referrer' ? referral.referrerId : referral.refereeId,
    earnedAt: occasion.at,
  };
  if (referral.selfReferral) return { ...named, state: 'refused', reason: 'self_referral', detail: 'Referrer and new member are one person.' };
  const judged = judgeOccasion(rule, occasion, signedUp);
  if (judged.outcome === 'refused') return { ...named, state: 'refused', reason: judged.reason, detail: judged.detail };
  const pausedBy = pauseOf(referral, occasion);
  const { holdUntil, expiresAt } = holdTimes(occasion.at, holdDays, rule.expiresAfterDays);
  return { ...named, state: 'held', ...judged.quantity, reason: pausedBy === null ? null : 'under_review', pausedBy, holdUntil, expiresAt };
}

function pauseOf(referral: ReferralCourse, { payment }: Occasion): PausedBy | null {
  if (referral.underReview) return 'review';
  return payment?.disputed === true ? 'dispute' : null;
}

function sidesOf({ to }: RewardRule): readonly Side[] {
  return to === 'both' ? ['referrer', 'referee'] : [to];
}
