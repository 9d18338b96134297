import type { MemberId, ProgramId } from '../ids.ts';

/** What happened in one referral, as the app told it. Ids are unique per fact; times are when it happened (epoch ms). */
export type RewardFact =
  | { readonly kind: 'signed_up'; readonly id: string; readonly at: number; readonly country?: string | undefined }
  | { readonly kind: 'first_value'; readonly id: string; readonly at: number }
  | { readonly kind: 'plan_upgraded'; readonly id: string; readonly at: number; readonly plan: string }
  | {
      readonly kind: 'converted';
      readonly id: string;
      readonly at: number;
      /** The payment it stands for, aliases resolved: one payment has one id, whatever reported it. */
      readonly conversionId: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly product?: string | undefined;
      readonly country?: string | undefined;
    }
  | {
      readonly kind: 'refunded';
      readonly id: string;
      readonly at: number;
      readonly conversionId: string;
      /** All that was given back of the payment so far: the latest word counts, nothing is added up. */
      readonly refundedMinor: number;
      /** What its teller counted as given back before this refund: shows whether it takes off refunds that failed. Left out: not said. */
      readonly beforeMinor?: number | undefined;
    }
  | {
      readonly kind: 'refund_failed';
      readonly id: string;
      readonly at: number;
      readonly conversionId: string;
      /** A refund fails once, however often that is told. */
      readonly refundId: string;
      readonly failedMinor: number;
    }
  | {
      readonly kind: 'dispute_opened' | 'dispute_won' | 'dispute_lost';
      readonly id: string;
      readonly at: number;
      readonly conversionId: string;
      readonly disputeId: string;
      /** How much of the payment is disputed; left out: all of it. */
      readonly amountMinor?: number | undefined;
    };

/** One referral as the evaluator sees it. */
export type ReferralCourse = {
  readonly referralId: string;
  readonly referrerId: MemberId;
  readonly refereeId: MemberId;
  readonly facts: readonly RewardFact[];
  /** Found to be one person (also later, by a payment). */
  readonly selfReferral: boolean;
  /** Somebody looks at it: what is earned is held and does not move. */
  readonly underReview: boolean;
};

/** What one referrer has in a program, for milestones. */
export type ReferrerCourse = {
  readonly programId: ProgramId;
  readonly referrerId: MemberId;
  readonly referrals: readonly ReferralCourse[];
};
