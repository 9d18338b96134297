/** Events as Stripe sends them (API 2025-03-31 and later, shortened), with the persons' data that they bring and that must not be kept. */
export const CREATED = 1_781_092_800; // 2026-06-10T12:00:00Z

type Fields = Record<string, unknown>;

export function stripeEvent(type: string, object: Fields, more: Fields = {}): Fields {
  return {
    id: 'evt_1SabcKite0001', object: 'event', api_version: '2026-10-28.endive', created: CREATED, livemode: true, pending_webhooks: 1,
    request: { id: 'req_8abc', idempotency_key: '5f0c' }, type, data: { object }, ...more,
  };
}

export const session = (more: Fields = {}): Fields => ({
  id: 'cs_live_a1B2c3', object: 'checkout.session', amount_subtotal: 4900, amount_total: 5831, client_reference_id: 'user-2', currency: 'eur', customer: 'cus_Kite2',
  customer_details: { address: { city: 'Lyon', country: 'FR', line1: '1 rue du Vent', postal_code: '69001' }, email: 'bea@example.com', name: 'Béa Vent', phone: null },
  invoice: null, livemode: true, metadata: {}, mode: 'payment', payment_intent: 'pi_3Kite', payment_status: 'paid', status: 'complete', subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 931 }, ...more,
});

export const subscriptionSession = (more: Fields = {}): Fields => session({
  id: 'cs_live_sub1', mode: 'subscription', payment_intent: null, subscription: 'sub_1Kite', invoice: 'in_1Kite', amount_total: 1900, ...more,
});

export const invoice = (more: Fields = {}): Fields => ({
  id: 'in_1Kite', object: 'invoice', account_name: 'Kite Club', amount_due: 1900, amount_paid: 1900, amount_remaining: 0, billing_reason: 'subscription_create',
  currency: 'eur', customer: 'cus_Kite2', customer_address: { city: 'Lyon', country: 'FR' }, customer_email: 'bea@example.com', customer_name: 'Béa Vent',
  lines: { object: 'list', data: [{ id: 'il_1', amount: 1900, pricing: { price_details: { price: 'price_1', product: 'prod_1' } } }] }, metadata: {},
  parent: { quote_details: null, subscription_details: { metadata: {}, subscription: 'sub_1Kite' }, type: 'subscription_details' },
  status: 'paid', status_transitions: { finalized_at: CREATED - 3, paid_at: CREATED - 2 }, total: 1900, ...more,
});

/** As it looked before 2025-03-31. */
export const olderInvoice = (more: Fields = {}): Fields => {
  const { parent: _parent, ...rest } = invoice();
  return { ...rest, paid: true, payment_intent: 'pi_3Older', charge: 'ch_3Older', subscription: 'sub_1Kite', subscription_details: { metadata: {} }, ...more };
};

export const invoicePayment = (more: Fields = {}): Fields => ({
  id: 'inpay_1Kite', object: 'invoice_payment', amount_paid: 1900, amount_requested: 1900, created: CREATED - 3, currency: 'eur', invoice: 'in_1Kite', is_default: true,
  livemode: true, payment: { payment_intent: 'pi_3KiteSub', type: 'payment_intent' }, status: 'paid', status_transitions: { canceled_at: null, paid_at: CREATED - 2 }, ...more,
});

export const charge = (more: Fields = {}): Fields => ({
  id: 'ch_3Kite', object: 'charge', amount: 5831, amount_captured: 5831, amount_refunded: 1000, currency: 'eur', customer: 'cus_Kite2', payment_intent: 'pi_3Kite',
  billing_details: { email: 'bea@example.com', name: 'Béa Vent' }, paid: true, refunded: false, status: 'succeeded', metadata: {}, ...more,
});

export const refund = (more: Fields = {}): Fields => ({
  id: 're_3Kite', object: 'refund', amount: 1000, balance_transaction: 'txn_1', charge: 'ch_3Kite', created: CREATED, currency: 'eur', payment_intent: 'pi_3Kite',
  failure_reason: 'expired_or_canceled_card', instructions_email: 'bea@example.com', metadata: {}, status: 'failed', ...more,
});

export const dispute = (more: Fields = {}): Fields => ({
  id: 'du_1Kite', object: 'dispute', amount: 5831, charge: 'ch_3Kite', currency: 'eur', evidence: { customer_email_address: 'bea@example.com' }, payment_intent: 'pi_3Kite',
  reason: 'fraudulent', status: 'needs_response', ...more,
});
