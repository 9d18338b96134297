import { z } from 'zod';
import { readStripeAmount } from './stripe-amount.ts';
import { amountField, countryField, currencyField, firstInvoiceOf, idField, metadataField, namesOf, ownIdField, ownText, unreadable } from './stripe-fields.ts';
import type { ObjectReading, StripeSays } from './stripe-reading.ts';

/** https://docs.stripe.com/api/checkout/sessions/object */
const session = z.object({
  id: ownIdField,
  mode: z.string(),
  payment_status: z.string(),
  amount_total: amountField.nullish(),
  currency: currencyField.nullish(),
  client_reference_id: z.string().nullish().catch(null),
  customer: idField,
  payment_intent: idField,
  invoice: idField,
  subscription: idField,
  metadata: metadataField,
  customer_details: z.object({ address: z.object({ country: countryField }).nullish().catch(null) }).nullish().catch(null),
});
type Session = z.output<typeof session>;

/** A checkout that was completed, or whose slow payment (a debit, a transfer) has now arrived. Paid is what its buyer paid, tax and shipping included. */
export function readSessionEvent(object: unknown): ObjectReading {
  const read = session.safeParse(object);
  if (!read.success) return unreadable();
  const { client_reference_id, metadata, customer } = read.data;
  return { externalId: ownText(client_reference_id) ?? ownText(metadata?.['externalId']) ?? null, customer, says: saysOf(read.data) };
}

function saysOf({ id, mode, payment_status, amount_total, currency, payment_intent, invoice, subscription, metadata, customer_details }: Session): StripeSays {
  if (mode === 'setup' || payment_status === 'no_payment_required' || amount_total === 0) return { kind: 'passed_over', reason: 'nothing_paid' };
  if (payment_status !== 'paid') return { kind: 'passed_over', reason: 'not_paid_yet' };
  if (amount_total == null || currency == null) return unreadable().says;
  const paid = readStripeAmount(amount_total, currency);
  if (paid.outcome === 'refused') return { kind: 'passed_over', reason: paid.reason };
  return {
    kind: 'fact',
    fact: {
      type: 'converted',
      detail: {
        paymentNames: namesOf(ownText(metadata?.['orderId']), payment_intent, invoice, subscription === null ? null : firstInvoiceOf(subscription), id),
        ...paid.money,
        product: ownText(metadata?.['product']),
        country: customer_details?.address?.country ?? undefined,
      },
    },
  };
}
