import { localDay } from '../invite/local-day.ts';
import type { HeldReward } from './evaluated-reward.ts';
import type { RewardCap } from './reward-terms.ts';

/** What of a reward a cap looks at. */
export type Counted = Pick<HeldReward, 'memberId' | 'ruleKey' | 'unit' | 'amountMinor' | 'earnedAt'>;

/** Names the row a cap is counted in for a reward: person, rule or all, span of the tenant's zone, what is counted. Null: the cap does not look at it. */
export function capKey(cap: RewardCap, reward: Counted, zone: string): string | null {
  if (cap.rule !== undefined && cap.rule !== reward.ruleKey) return null;
  if ('unit' in cap.most && cap.most.unit !== reward.unit) return null;
  const counts = 'unit' in cap.most ? cap.most.unit : '#';
  return [reward.memberId, cap.rule ?? '*', spanOf(cap.per, reward.earnedAt, zone), counts].join('/');
}

/** How much of a cap a reward uses: itself, or its amount. */
export function capUse(cap: RewardCap, reward: Counted): number {
  return 'unit' in cap.most ? reward.amountMinor : 1;
}

export function capSize({ most }: RewardCap): number {
  return 'unit' in most ? most.amountMinor : most.rewards;
}

/** `2026-06-10`, `2026-06` or `total`: of when it was earned, so that a late report counts in its own day. */
function spanOf(per: RewardCap['per'], at: number, zone: string): string {
  switch (per) {
    case 'day': return localDay(at, zone);
    case 'month': return localDay(at, zone).slice(0, 7);
    case 'total': return 'total';
  }
}
