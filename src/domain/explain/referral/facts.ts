import type { ClaimKind, Confidence } from '../../credit/claim.ts';
import type { LostReason } from '../../credit/lost-reasons.ts';
import type { SameBy } from '../../credit/same-person.ts';
import type { AccountKind } from '../../ledger/accounts.ts';
import type { ProgramId, ReferralId, RewardId } from '../../ids.ts';
import type { PayoutState } from '../../payout/payout-state.ts';
import type { PausedBy } from '../../reward/evaluated-reward.ts';
import type { RewardReason } from '../../reward/reward-reasons.ts';
import type { RewardState } from '../../reward/reward-state.ts';
import type { Side } from '../../reward/reward-terms.ts';
import type { DecisionFact } from '../facts.ts';

/** What is stored of one referral and of all that hangs on it. Ids, codes, figures; instants in epoch ms. */
export type ReferralStoryFacts = {
  readonly referral: {
    readonly id: ReferralId;
    readonly programId: ProgramId;
    readonly programTitle: string;
    readonly programVersion: number;
    readonly referrerId: string;
    readonly refereeId: string;
    readonly claimId: string;
    readonly confidence: Confidence;
    readonly acquisition: boolean;
    readonly state: 'attributed' | 'activated' | 'qualified' | 'rewarded' | 'voided';
    readonly selfReferral: boolean;
    readonly underReview: boolean;
    readonly signedUpAt: number;
    readonly createdAt: number;
  };
  readonly claims: readonly ClaimFact[];
  readonly events: readonly { readonly eventId: string; readonly type: string; readonly occurredAt: number; readonly receivedAt: number }[];
  readonly payments: readonly PaymentFact[];
  readonly changes: readonly PaymentChangeFact[];
  readonly rewards: readonly RewardStoryFact[];
  readonly refusals: readonly RefusalFact[];
  readonly transfers: readonly TransferFact[];
  readonly payouts: readonly PayoutStoryFact[];
  readonly decisions: readonly DecisionFact[];
  readonly run: RunFact | null;
};

export type ClaimFact = {
  readonly id: string;
  readonly kind: ClaimKind;
  readonly programId: string;
  readonly referrerId: string;
  readonly at: number;
  readonly outcome: 'credited' | 'lost';
  readonly reason: LostReason | null;
  readonly sameBy: SameBy | null;
  readonly toClaimId: string | null;
  readonly decidedAt: number;
};

export type PaymentFact = { readonly id: string; readonly amountMinor: number; readonly currency: string; readonly product: string | null; readonly paidAt: number; readonly eventId: string | null };

export type PaymentChangeFact = {
  readonly eventId: string;
  readonly paymentId: string;
  readonly kind: 'refunded' | 'refund_failed' | 'dispute_opened' | 'dispute_won' | 'dispute_lost';
  readonly amountMinor: number | null;
  readonly disputeId: string | null;
  readonly refundId: string | null;
  readonly at: number;
};

export type RewardStoryFact = {
  readonly id: RewardId;
  readonly memberId: string;
  readonly side: Side;
  readonly ruleKey: string;
  readonly generation: number;
  readonly unit: string;
  readonly grantedMinor: number;
  readonly takenBackMinor: number;
  readonly state: RewardState;
  readonly pausedBy: PausedBy | null;
  readonly reason: string | null;
  readonly earnedAt: number;
  readonly holdUntil: number;
  readonly expiresAt: number | null;
  readonly payoutId: string | null;
  readonly createdAt: number;
};

export type RefusalFact = { readonly key: string; readonly memberId: string; readonly side: Side; readonly ruleKey: string; readonly reason: RewardReason; readonly detail: string; readonly at: number };

/** A transfer of one of the rewards, with the accounts by name. */
export type TransferFact = {
  readonly id: string;
  readonly sequence: number;
  readonly rewardId: string;
  readonly move: string;
  readonly debit: AccountKind;
  readonly credit: AccountKind;
  readonly unit: string;
  readonly amountMinor: number;
  readonly bookedAt: number;
};

/** What one reward is of a payout. */
export type PayoutStoryFact = {
  readonly payoutId: string;
  readonly rewardId: string;
  readonly amountMinor: number;
  readonly state: PayoutState;
  readonly approvedAt: number | null;
  readonly endedAt: number | null;
};

export type RunFact = {
  readonly generation: number;
  readonly stage: string;
  readonly dueAt: number | null;
  readonly capAt: number | null;
  readonly pausedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
};
