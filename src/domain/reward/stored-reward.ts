import type { MemberId } from '../ids.ts';
import type { Unit } from '../money/unit.ts';
import type { PausedBy } from './evaluated-reward.ts';
import type { RewardState } from './reward-state.ts';

/**
 * A reward that was granted, as it is kept. A key may be granted again after it was taken back, or for a part that came
 * back (a refund that failed): each time is a generation of its own, from 0. Key and generation are unique.
 */
export type StoredReward = {
  readonly key: string;
  readonly generation: number;
  readonly memberId: MemberId;
  readonly unit: Unit;
  readonly grantedMinor: number;
  /** Of it: taken back so far. */
  readonly takenBackMinor: number;
  readonly state: RewardState;
  readonly pausedBy: PausedBy | null;
  /** It stands in a payout that has neither failed nor ended. */
  readonly inPayout: boolean;
};

/** What is left of a reward (minor units). */
export function leftOf({ grantedMinor, takenBackMinor }: Pick<StoredReward, 'grantedMinor' | 'takenBackMinor'>): number {
  return grantedMinor - takenBackMinor;
}
