import type { Money } from '../money/money.ts';
import type { Quantity, Unit } from '../money/unit.ts';

export type Side = 'referrer' | 'referee';

/** What a reward is for. */
export type RewardTrigger =
  | { readonly kind: 'sign_up' }
  | { readonly kind: 'first_value' }
  /** The first upgrade, or the first to this plan. */
  | { readonly kind: 'plan_upgrade'; readonly plan?: string | undefined }
  /** Every payment. */
  | { readonly kind: 'conversion' }
  /** One payment by its place in time: 1 is the first. A refund does not move the places of the others. */
  | { readonly kind: 'nth_conversion'; readonly n: number }
  /** Payments from the first on, for so many calendar months (UTC); of a fixed reward the first in each month. */
  | { readonly kind: 'recurring'; readonly months: number }
  /** A run of the program's loop says so: `rescued`. For the member it was started for (referrer) and all others in it (referee). */
  | { readonly kind: 'loop'; readonly fact: string };

/** How much it is. Percent is of the payment, in the payment's currency, rounded down. */
export type Give =
  | ({ readonly kind: 'fixed' } & Quantity)
  | { readonly kind: 'percent'; readonly basisPoints: number; /** At most so much; payments in another currency then earn nothing. */ readonly most?: Money | undefined };

/** All that are given must hold. */
export type RewardConditions = {
  /** ISO 3166 codes: of the payment, else of the sign-up. */
  readonly countries?: readonly string[] | undefined;
  readonly products?: readonly string[] | undefined;
  /** What is left of a payment after refunds; below it a reward is taken back. */
  readonly amount?: { readonly currency: string; readonly minMinor: number; readonly maxMinor?: number | undefined } | undefined;
};

export type RewardRule = {
  /** Names the rule in the keys of its rewards: kept for as long as the program lives. */
  readonly key: string;
  readonly to: Side | 'both';
  readonly on: RewardTrigger;
  readonly give: Give;
  readonly when?: RewardConditions | undefined;
  /** How long it is held after what earned it; left out: the terms' holdDays. */
  readonly holdDays?: number | undefined;
  /** Counts only what happens within so many days of the sign-up. */
  readonly withinDays?: number | undefined;
  /** Counts only what happens in here (epoch ms), from the first instant up to, not including, the last. */
  readonly validFrom?: number | undefined;
  readonly validUntil?: number | undefined;
  /** So long after the end of its hold it can be used; left out: for ever. */
  readonly expiresAfterDays?: number | undefined;
};

/** For the n-th friend who got somewhere. Goes to the referrer. */
export type MilestoneRule = {
  readonly key: string;
  readonly counts: 'signed_up' | 'activated' | 'converted';
  readonly tiers: readonly ({ readonly reached: number } & Quantity)[];
  readonly holdDays?: number | undefined;
  readonly expiresAfterDays?: number | undefined;
};

/** What one person can get of a program in a day or month (of the tenant's zone) or at all: a number of rewards, or so much of a unit. */
export type RewardCap = {
  readonly per: 'day' | 'month' | 'total';
  readonly most: { readonly rewards: number } | Quantity;
  /** Counts one rule's rewards only. */
  readonly rule?: string | undefined;
};

/** Who earns what. Stored with each version of a program, pinned to a referral when it begins. */
export type RewardTerms = {
  readonly rules: readonly RewardRule[];
  readonly milestones?: readonly MilestoneRule[] | undefined;
  readonly holdDays: number;
  readonly caps?: readonly RewardCap[] | undefined;
  /** All that a program gives of a unit; a unit without one is not limited. */
  readonly budgets?: readonly { readonly unit: Unit; readonly totalMinor: number }[] | undefined;
};

export const DEFAULT_HOLD_DAYS = 30;
