import type { EvaluatedReward } from './evaluated-reward.ts';
import type { RewardTerms } from './reward-terms.ts';
import { openLimits, type LimitState } from './take-limits.ts';

/** Rewards as they come out when taken in their order under shared caps and budgets: one that finds no room is refused, the next may still fit. */
export function evaluateWithinLimits(terms: RewardTerms, rewards: readonly EvaluatedReward[], before: LimitState): { rewards: EvaluatedReward[]; state: LimitState } {
  const limits = openLimits(before);
  const decided = rewards.map((reward): EvaluatedReward => {
    if (reward.state === 'refused') return reward;
    const taken = limits.take(terms.caps ?? [], reward);
    if (taken.outcome === 'taken') return reward;
    const { key, ruleKey, side, memberId, earnedAt } = reward;
    return { key, ruleKey, side, memberId, earnedAt, state: 'refused', reason: taken.reason, detail: taken.detail };
  });
  return { rewards: decided, state: limits.state };
}
