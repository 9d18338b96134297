import { z } from 'zod';
import { readStripeAmount } from './stripe-amount.ts';
import { amountField, currencyField, idField, meansField, namesOf, ownIdField, unreadable } from './stripe-fields.ts';
import type { ObjectReader, ObjectReading, StripeFact } from './stripe-reading.ts';

/** https://docs.stripe.com/api/charges/object; `invoice` until 2025-03-31. */
const charge = z.object({ id: ownIdField, amount_refunded: amountField, currency: currencyField, payment_intent: idField, invoice: idField, payment_method_details: meansField });

/** What the charge was before: told with `charge.refunded`, though promised of `*.updated` alone (https://docs.stripe.com/api/events/object). */
const chargeBefore = z.object({ amount_refunded: amountField });

/**
 * A charge: what was given back of it so far (`amount_refunded`: the last word counts, by its own time), and by which card or account it was
 * paid, which neither a checkout nor an invoice says. `its_means`: it comes for these alone. Needs no member: the payment has one.
 */
export function readChargeEvent(tells: 'what_was_refunded' | 'its_means'): ObjectReader {
  return (object, previous) => {
    const read = charge.safeParse(object);
    if (!read.success) return unreadable();
    const { id, amount_refunded, currency, payment_intent, invoice, payment_method_details: paymentFingerprint } = read.data;
    if (tells === 'its_means' && paymentFingerprint === undefined) return { says: { kind: 'passed_over', reason: 'no_means' } };
    const refunded = readStripeAmount(amount_refunded, currency);
    if (refunded.outcome === 'refused') return { says: { kind: 'passed_over', reason: refunded.reason } };
    const { amountMinor: refundedMinor, currency: code } = refunded.money;
    const refundedBeforeMinor = tells === 'its_means' ? undefined : readBefore(previous, currency);
    return { says: { kind: 'fact', fact: { type: 'refunded', detail: { paymentNames: namesOf(payment_intent, invoice, id), refundedMinor, refundedBeforeMinor, currency: code, paymentFingerprint } } } };
  };
}

function readBefore(previous: unknown, currency: string): number | undefined {
  const before = chargeBefore.safeParse(previous);
  const money = before.success ? readStripeAmount(before.data.amount_refunded, currency) : null;
  return money?.outcome === 'money' ? money.money.amountMinor : undefined;
}

/** https://docs.stripe.com/api/refunds/object */
const refund = z.object({ id: ownIdField, amount: amountField, currency: currencyField, status: z.string().nullish().catch(null), charge: idField, payment_intent: idField });

/** A refund that the bank sent back, or that was canceled: its amount is with the tenant again, and was not given back after all. */
export function readRefundEvent(object: unknown): ObjectReading {
  const read = refund.safeParse(object);
  if (!read.success) return unreadable();
  const { id, amount, currency, status, charge: refunded, payment_intent } = read.data;
  if (status !== 'failed' && status !== 'canceled') return { says: { kind: 'passed_over', reason: 'not_failed' } };
  const failed = readStripeAmount(amount, currency);
  if (failed.outcome === 'refused') return { says: { kind: 'passed_over', reason: failed.reason } };
  const paymentNames = namesOf(payment_intent, refunded);
  return paymentNames.length === 0 ? unreadable() : { says: { kind: 'fact', fact: { type: 'refund_failed', detail: { paymentNames, refundId: id, failedMinor: failed.money.amountMinor, currency: failed.money.currency } } } };
}

/** https://docs.stripe.com/api/disputes/object */
const dispute = z.object({ id: ownIdField, amount: amountField, currency: currencyField, status: z.string(), charge: idField, payment_intent: idField });

/**
 * A dispute by its status (https://docs.stripe.com/api/disputes/object#dispute_object-status). `warning_closed`, an inquiry that
 * became none, and `prevented`, settled by a refund that is told by itself, end like a won one. `its_end`: an event that tells
 * an end; without one it says nothing new.
 */
export function readDisputeEvent(tells: 'as_it_stands' | 'its_end'): (object: unknown) => ObjectReading {
  return (object) => {
    const read = dispute.safeParse(object);
    if (!read.success) return unreadable();
    const { id, amount, currency, status, charge: disputed, payment_intent } = read.data;
    const type = factOf(status);
    if (tells === 'its_end' && type === 'dispute_opened') return { says: { kind: 'passed_over', reason: 'not_over' } };
    const money = readStripeAmount(amount, currency);
    if (money.outcome === 'refused') return { says: { kind: 'passed_over', reason: money.reason } };
    const paymentNames = namesOf(payment_intent, disputed);
    return paymentNames.length === 0 ? unreadable() : { says: { kind: 'fact', fact: { type, detail: { paymentNames, ...money.money, disputeId: id } } } };
  };
}

function factOf(status: string): Extract<StripeFact['type'], `dispute_${string}`> {
  switch (status) {
    case 'won':
    case 'warning_closed':
    case 'prevented': return 'dispute_won';
    case 'lost': return 'dispute_lost';
    default: return 'dispute_opened';
  }
}
