import type { EventDetail } from '../../domain/event/event-detail.ts';

/** Why an event changes nothing here. */
export const PASSED_OVER = {
  other_type: 'It is of a type that says nothing of payments here.',
  unreadable: 'It lacks what its type always has.',
  nothing_paid: 'Nothing was paid: a trial, a full discount, a card that was only saved.',
  not_paid_yet: 'The payment is under way; another event will tell its end.',
  not_over: 'The dispute has no end yet.',
  no_means: 'It names no card or account by which its payer could be known.',
  not_failed: 'The refund stands; another event told how much was given back.',
  no_member: 'It names neither a member nor a customer who could become known.',
  currency_not_supported: 'It is in a currency we keep no books in.',
  invalid_amount: 'Its amount cannot be one.',
  mixed_currencies: 'The payment is known in another currency.',
  refund_above_payment: 'More was given back than was paid.',
} as const;
export type PassedOver = keyof typeof PASSED_OVER;

/** A fact as our own events have it; it is the app's to be told who `externalId` is. */
export type StripeFact = {
  readonly type: 'converted' | 'refunded' | 'refund_failed' | 'dispute_opened' | 'dispute_won' | 'dispute_lost';
  readonly detail: EventDetail;
};
export type StripeSays = { readonly kind: 'fact'; readonly fact: StripeFact } | { readonly kind: 'passed_over'; readonly reason: PassedOver };

/**
 * An event of Stripe as far as we use it: ids, figures, no name, no address. `externalId`: the member it names itself;
 * `customer`: Stripe's customer, by whom a member may be known from another event. `at`: epoch ms.
 */
export type StripeReading = {
  readonly eventId: string;
  readonly type: string;
  readonly at: number;
  readonly externalId: string | null;
  readonly customer: string | null;
  readonly says: StripeSays;
};

/** What the reader of one kind of object makes of it. */
export type ObjectReading = Pick<StripeReading, 'says'> & Partial<Pick<StripeReading, 'externalId' | 'customer' | 'at'>>;
/** `previous`: what the event says its object was before (`previous_attributes`); undefined where it does not. */
export type ObjectReader = (object: unknown, previous?: unknown) => ObjectReading;
