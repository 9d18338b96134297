import { z } from 'zod';
import { readChargeEvent, readDisputeEvent, readRefundEvent } from './stripe-charges.ts';
import { readInvoiceEvent, readInvoicePaymentEvent } from './stripe-invoices.ts';
import type { ObjectReader, ObjectReading, StripeReading } from './stripe-reading.ts';
import { readSessionEvent } from './stripe-sessions.ts';

/** What an endpoint at Stripe must be told to send. */
export const STRIPE_EVENTS = [
  'checkout.session.completed', 'checkout.session.async_payment_succeeded', 'invoice.paid', 'invoice_payment.paid', 'charge.succeeded', 'charge.refunded', 'charge.refund.updated',
  'charge.dispute.created', 'charge.dispute.closed', 'charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated',
] as const;
export type StripeEventType = (typeof STRIPE_EVENTS)[number];

const READERS: Readonly<Record<StripeEventType, ObjectReader>> = {
  'checkout.session.completed': readSessionEvent,
  'checkout.session.async_payment_succeeded': readSessionEvent,
  'invoice.paid': readInvoiceEvent,
  'invoice_payment.paid': readInvoicePaymentEvent,
  'charge.succeeded': readChargeEvent('its_means'),
  'charge.refunded': readChargeEvent('what_was_refunded'),
  'charge.refund.updated': readRefundEvent,
  'charge.dispute.created': readDisputeEvent('as_it_stands'),
  'charge.dispute.funds_withdrawn': readDisputeEvent('as_it_stands'),
  'charge.dispute.closed': readDisputeEvent('its_end'),
  'charge.dispute.funds_reinstated': readDisputeEvent('its_end'),
};

const envelope = z.object({
  id: z.string().regex(/^evt_[\w-]{1,190}$/),
  type: z.string().regex(/^[\w.]{1,100}$/),
  created: z.int().min(0).max(100_000_000_000),
  data: z.object({ object: z.unknown(), previous_attributes: z.unknown().optional() }),
});

/** Reads a body whose signature is good. Null: it is no event of Stripe's with an id. Never throws, whatever stands in it. */
export function readStripeEvent(body: unknown): StripeReading | null {
  const read = envelope.safeParse(body);
  if (!read.success) return null;
  const { id, type, created, data } = read.data;
  const reader = STRIPE_EVENTS.find((known) => known === type);
  const said: ObjectReading = reader === undefined ? { says: { kind: 'passed_over', reason: 'other_type' } } : READERS[reader](data.object, data.previous_attributes);
  return { eventId: id, type, at: said.at ?? created * 1_000, externalId: said.externalId ?? null, customer: said.customer ?? null, says: said.says };
}
