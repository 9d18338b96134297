import type { MemberId, PaymentId } from '../ids.ts';

/** What a conversion says of a payment. Hashes as hex. */
export type Conversion = {
  readonly eventId: string;
  readonly memberId: MemberId;
  /** When it was paid (epoch ms). */
  readonly at: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly product: string | null;
  readonly country: string | null;
};

/** A payment as it is known; without a conversion something was said of it before it was reported itself. `fingerprint`: keyed hash of the means of payment. */
export type Payment = { readonly id: PaymentId; readonly createdAt: number; readonly conversion: Conversion | null; readonly fingerprint: string | null };

export type PaymentChange = {
  readonly eventId: string;
  readonly kind: 'refunded' | 'refund_failed' | 'dispute_opened' | 'dispute_won' | 'dispute_lost';
  readonly at: number;
  /** Null: all of the payment. Of refunds: all that was given back so far; of a refund that failed: it alone. */
  readonly amountMinor: number | null;
  /** Null: the payment's. */
  readonly currency: string | null;
  readonly disputeId: string | null;
  /** Of a refund that failed: which. */
  readonly refundId: string | null;
  /** Of a refund, where its teller says so: what was given back before it. */
  readonly beforeMinor: number | null;
};

/** A fact about a payment, and the names by which it knows it: they mean one payment. Any of them may say by which means it was paid. */
export type PaymentFact = { readonly names: readonly string[]; readonly fingerprint: string | null } & ({ readonly kind: 'converted'; readonly conversion: Conversion } | { readonly kind: 'changed'; readonly change: PaymentChange });

export function eventIdOf(fact: PaymentFact): string {
  return fact.kind === 'converted' ? fact.conversion.eventId : fact.change.eventId;
}

/**
 * Two reports of one payment are one: the first by its time says what was paid, when and by whom. What is told apart in
 * texts (product, country) and differs is the smaller one, so that the order of telling cannot matter.
 */
export function joinConversions(one: Conversion | null, other: Conversion | null): Conversion | null {
  if (one === null || other === null) return one ?? other;
  const first = one.at < other.at || (one.at === other.at && one.eventId <= other.eventId) ? one : other;
  return { ...first, product: smaller(one.product, other.product), country: smaller(one.country, other.country) };
}

/** Of two texts the one that holds; null: there is none. */
export function smaller(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
