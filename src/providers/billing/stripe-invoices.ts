import { z } from 'zod';
import { readStripeAmount } from './stripe-amount.ts';
import { amountField, countryField, currencyField, firstInvoiceOf, idField, metadataField, namesOf, ownIdField, ownText, unreadable } from './stripe-fields.ts';
import type { ObjectReading, StripeSays } from './stripe-reading.ts';

const subscriptionDetails = z.object({ subscription: idField, metadata: metadataField }).nullish().catch(null);

/**
 * https://docs.stripe.com/api/invoices/object. Since 2025-03-31 an invoice names its subscription under `parent` and its payments
 * in a list that webhooks leave out; before, both stood on the invoice itself.
 */
const invoice = z.object({
  id: ownIdField,
  amount_paid: amountField,
  currency: currencyField,
  billing_reason: z.string().nullish().catch(null),
  customer: idField,
  customer_address: z.object({ country: countryField }).nullish().catch(null),
  metadata: metadataField,
  parent: z.object({ subscription_details: subscriptionDetails }).nullish().catch(null),
  subscription: idField,
  subscription_details: subscriptionDetails,
  payment_intent: idField,
  charge: idField,
  payments: z.object({ data: z.array(z.object({ payment: z.object({ payment_intent: idField, charge: idField }) })).max(100) }).nullish().catch(null),
  status_transitions: z.object({ paid_at: z.int().min(0).nullish() }).nullish().catch(null),
});
type Invoice = z.output<typeof invoice>;

/** A paid invoice: of a subscription each month's, or any other. */
export function readInvoiceEvent(object: unknown): ObjectReading {
  const read = invoice.safeParse(object);
  if (!read.success) return unreadable();
  const { customer, metadata, parent, subscription_details, status_transitions } = read.data;
  const ofSubscription = parent?.subscription_details?.metadata ?? subscription_details?.metadata;
  const paidAt = status_transitions?.paid_at;
  return {
    externalId: ownText(metadata?.['externalId']) ?? ownText(ofSubscription?.['externalId']) ?? null,
    customer,
    ...(paidAt == null ? {} : { at: paidAt * 1_000 }),
    says: saysOf(read.data, ownText(metadata?.['product']) ?? ownText(ofSubscription?.['product'])),
  };
}

function saysOf(paidInvoice: Invoice, product: string | undefined): StripeSays {
  const { id, amount_paid, currency, billing_reason, parent, subscription, payment_intent, charge, payments, customer_address } = paidInvoice;
  if (amount_paid === 0) return { kind: 'passed_over', reason: 'nothing_paid' };
  const paid = readStripeAmount(amount_paid, currency);
  if (paid.outcome === 'refused') return { kind: 'passed_over', reason: paid.reason };
  const ofSubscription = parent?.subscription_details?.subscription ?? subscription;
  const listed = (payments?.data ?? []).flatMap(({ payment }) => [payment.payment_intent, payment.charge]);
  return {
    kind: 'fact',
    fact: {
      type: 'converted',
      detail: {
        paymentNames: namesOf(payment_intent, ...listed, id, charge, ofSubscription !== null && billing_reason === 'subscription_create' ? firstInvoiceOf(ofSubscription) : null),
        ...paid.money,
        product,
        country: customer_address?.country ?? undefined,
      },
    },
  };
}

/** https://docs.stripe.com/api/invoice-payment/object */
const invoicePayment = z.object({
  currency: currencyField,
  invoice: idField,
  payment: z.object({ payment_intent: idField, charge: idField }),
  status_transitions: z.object({ paid_at: z.int().min(0).nullish() }).nullish().catch(null),
});

/**
 * Says by which payment intent an invoice was paid, which since 2025-03-31 nothing else does: a refund names the one, the
 * payment was told by the other. It is told on as a refund of nothing: names of a payment, and no more.
 */
export function readInvoicePaymentEvent(object: unknown): ObjectReading {
  const read = invoicePayment.safeParse(object);
  if (!read.success) return unreadable();
  const { currency, invoice: paidInvoice, payment, status_transitions } = read.data;
  const names = namesOf(payment.payment_intent, paidInvoice, payment.charge);
  const nothing = readStripeAmount(0, currency);
  if (names.length < 2) return { says: { kind: 'passed_over', reason: 'nothing_paid' } };
  if (nothing.outcome === 'refused') return { says: { kind: 'passed_over', reason: nothing.reason } };
  const paidAt = status_transitions?.paid_at;
  return {
    ...(paidAt == null ? {} : { at: paidAt * 1_000 }),
    says: { kind: 'fact', fact: { type: 'refunded', detail: { paymentNames: names, refundedMinor: 0, currency: nothing.money.currency } } },
  };
}
