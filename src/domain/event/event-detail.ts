/**
 * What a fact says beyond its properties: typed, and judged before it is stored. Amounts are in minor units of `currency`
 * (ISO 4217). A payment is known by its names (payment intent, invoice, order): whichever of them are told together mean one payment.
 */
export type EventDetail = {
  /** converted, refunded, refund_failed, dispute_*: at least one; the first is the app's own `orderId` where it gave one. */
  readonly paymentNames?: readonly string[] | undefined;
  /** converted: what was paid. dispute_*: how much of it is disputed; left out: all. */
  readonly amountMinor?: number | undefined;
  /** refunded: all that was given back so far (set, never added); left out: the whole payment. */
  readonly refundedMinor?: number | undefined;
  /** refunded, by a vendor that says so: what it counted as given back before this refund. */
  readonly refundedBeforeMinor?: number | undefined;
  /** refund_failed: how much of what was told as given back was not. */
  readonly failedMinor?: number | undefined;
  /** refund_failed: which refund; it fails once, however often it is told. */
  readonly refundId?: string | undefined;
  readonly currency?: string | undefined;
  readonly product?: string | undefined;
  /** ISO 3166, two capitals: of the payment or the sign-up. */
  readonly country?: string | undefined;
  /** dispute_*. */
  readonly disputeId?: string | undefined;
  /** plan_upgraded. */
  readonly plan?: string | undefined;
  /** signed_up: ties a guest's play to the member. */
  readonly guestToken?: string | undefined;
  /** Names the means of payment; kept as a keyed hash only. */
  readonly paymentFingerprint?: string | undefined;
};

/** Facts of these kinds move referrals and rewards. */
export const REFERRAL_EVENTS = ['signed_up', 'first_value', 'plan_upgraded', 'converted', 'refunded', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost'] as const;
export type ReferralEvent = (typeof REFERRAL_EVENTS)[number];

export function isReferralEvent(type: string): type is ReferralEvent {
  return REFERRAL_EVENTS.some((known) => known === type);
}
