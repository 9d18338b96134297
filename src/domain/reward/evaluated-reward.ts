import type { MemberId } from '../ids.ts';
import type { Unit } from '../money/unit.ts';
import type { RewardReason } from './reward-reasons.ts';
import type { Side } from './reward-terms.ts';

type Named = {
  /** From business facts alone: two evaluations of one fact give one key, so a unique key makes it pay once. */
  readonly key: string;
  readonly ruleKey: string;
  readonly side: Side;
  readonly memberId: MemberId;
  /** When what it is for happened (epoch ms). */
  readonly earnedAt: number;
};

export type PausedBy = 'dispute' | 'review';

export type HeldReward = Named & {
  readonly state: 'held';
  readonly unit: Unit;
  readonly amountMinor: number;
  /** `under_review` while it is paused. */
  readonly reason: 'under_review' | null;
  readonly pausedBy: PausedBy | null;
  /** From this instant on it may be released, unless paused. */
  readonly holdUntil: number;
  /** From this instant on it can no longer be used, unless its hold was changed; null: never. */
  readonly expiresAt: number | null;
};

export type RefusedReward = Named & {
  readonly state: 'refused';
  readonly reason: RewardReason;
  readonly detail: string;
};

/** What the facts give, as if nothing had been given before. */
export type EvaluatedReward = HeldReward | RefusedReward;
