import type { HeldReward } from './evaluated-reward.ts';
import type { ReferralCourse, ReferrerCourse } from './facts.ts';
import { holdTimes } from './hold-times.ts';
import { readCourse } from './read-course.ts';
import type { MilestoneRule, RewardTerms } from './reward-terms.ts';

/**
 * The milestones a referrer has reached with the referrals of a program, as they stand now. A referral counts as converted
 * only while something is left of a payment, and not at all while it is a self-referral; so what falls short after a
 * refund is no longer in the list. One under review or in dispute counts on, and pauses the milestones it is needed for.
 * `decides`: only tiers that were reached by a referral for which it says yes.
 */
export function evaluateMilestones(terms: RewardTerms, course: ReferrerCourse, decides: (referralId: string) => boolean = () => true): HeldReward[] {
  return (terms.milestones ?? []).flatMap((rule) => {
    const arrived = course.referrals.flatMap((referral) => arrivalOf(rule, referral)).toSorted(byArrival);
    const sure = arrived.filter(({ doubt }) => doubt === null).length;
    const doubt = arrived.find((arrival) => arrival.doubt !== null)?.doubt ?? null;
    return rule.tiers.flatMap(({ reached, unit, amountMinor }): HeldReward[] => {
      const last = arrived[reached - 1];
      if (last === undefined || !decides(last.referralId)) return [];
      const pausedBy = sure >= reached ? null : doubt;
      return [{
        key: `${course.programId}/${course.referrerId}/${rule.key}/milestone:${String(reached)}`,
        ruleKey: rule.key,
        side: 'referrer',
        memberId: course.referrerId,
        earnedAt: last.at,
        state: 'held',
        unit,
        amountMinor,
        reason: pausedBy === null ? null : 'under_review',
        pausedBy,
        ...holdTimes(last.at, rule.holdDays ?? terms.holdDays, rule.expiresAfterDays),
      }];
    });
  });
}

type Arrival = { readonly referralId: string; readonly at: number; readonly doubt: 'dispute' | 'review' | null };

/** When a referral got there; none where it did not, or no longer did. */
function arrivalOf({ counts }: MilestoneRule, { referralId, facts, selfReferral, underReview }: ReferralCourse): Arrival[] {
  const { signedUp, firstValueAt, payments } = readCourse(facts);
  if (signedUp === null || selfReferral) return [];
  const doubt = underReview ? 'review' : null;
  switch (counts) {
    case 'signed_up': return [{ referralId, at: signedUp.at, doubt }];
    case 'activated': return firstValueAt === null ? [] : [{ referralId, at: firstValueAt, doubt }];
    case 'converted': {
      const kept = payments.filter(({ keptMinor }) => keptMinor > 0);
      const [first] = kept;
      if (first === undefined) return [];
      return [{ referralId, at: first.at, doubt: doubt ?? (kept.every(({ disputed }) => disputed) ? 'dispute' : null) }];
    }
  }
}

function byArrival(a: Arrival, b: Arrival): number {
  return a.at - b.at || (a.referralId < b.referralId ? -1 : a.referralId > b.referralId ? 1 : 0);
}
