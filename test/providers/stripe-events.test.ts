import { readStripeAmount } from '../../src/providers/billing/stripe-amount.ts';
import { readStripeEvent, STRIPE_EVENTS } from '../../src/providers/billing/stripe-event.ts';
import { charge, CREATED, dispute, invoice, invoicePayment, olderInvoice, refund, session, stripeEvent, subscriptionSession } from '../support/stripe-payloads.ts';

const AT = CREATED * 1_000;
const read = (type: string, object: Record<string, unknown>) => readStripeEvent(stripeEvent(type, object));
const says = (type: string, object: Record<string, unknown>) => read(type, object)?.says;
const passed = (reason: string) => ({ kind: 'passed_over', reason });
const COMPLETED = 'checkout.session.completed';

describe('what was paid', () => {
  test('a checkout: amount with tax, currency, country, member, customer, and every name it gives', () => {
    expect(read(COMPLETED, session())).toEqual({
      eventId: 'evt_1SabcKite0001', type: COMPLETED, at: AT, externalId: 'user-2', customer: 'cus_Kite2',
      says: { kind: 'fact', fact: { type: 'converted', detail: { paymentNames: ['pi_3Kite', 'cs_live_a1B2c3'], amountMinor: 5831, currency: 'EUR', country: 'FR' } } },
    });
  });

  test('the app\'s own order comes first among the names; its product is taken', () => {
    expect(says(COMPLETED, session({ metadata: { orderId: 'order-7', product: 'pro' } }))).toMatchObject({ fact: { detail: { paymentNames: ['order-7', 'pi_3Kite', 'cs_live_a1B2c3'], product: 'pro' } } });
  });

  test('a subscription\'s checkout and its first invoice share a name, with and without the invoice on the checkout', () => {
    const names = (type: string, object: Record<string, unknown>) => {
      const said = says(type, object);
      return said?.kind === 'fact' ? said.fact.detail.paymentNames ?? [] : [];
    };
    expect(names(COMPLETED, subscriptionSession())).toEqual(['in_1Kite', 'sub_1Kite#first', 'cs_live_sub1']);
    expect(names(COMPLETED, subscriptionSession({ invoice: null }))).toEqual(['sub_1Kite#first', 'cs_live_sub1']);
    expect(names('invoice.paid', invoice())).toEqual(['in_1Kite', 'sub_1Kite#first']);
    expect(names('invoice.paid', invoice({ id: 'in_2Kite', billing_reason: 'subscription_cycle' }))).toEqual(['in_2Kite']);
    expect(names('invoice.paid', olderInvoice())).toEqual(['pi_3Older', 'in_1Kite', 'ch_3Older', 'sub_1Kite#first']);
    expect(names('invoice.paid', invoice({ payments: { data: [{ payment: { type: 'payment_intent', payment_intent: 'pi_3KiteSub' } }] } }))).toEqual(['pi_3KiteSub', 'in_1Kite', 'sub_1Kite#first']);
  });

  test('an invoice counts when it was paid; its payment ties the payment intent to it', () => {
    expect(read('invoice.paid', invoice())).toMatchObject({ at: AT - 2_000, externalId: null, customer: 'cus_Kite2', says: { fact: { type: 'converted', detail: { amountMinor: 1900, currency: 'EUR', country: 'FR' } } } });
    expect(read('invoice_payment.paid', invoicePayment())).toMatchObject({
      at: AT - 2_000, externalId: null, says: { kind: 'fact', fact: { type: 'refunded', detail: { paymentNames: ['pi_3KiteSub', 'in_1Kite'], refundedMinor: 0, currency: 'EUR' } } },
    });
  });

  test.each<[string, string, Record<string, unknown>, string | null]>([
    ['client_reference_id', COMPLETED, session(), 'user-2'],
    ['before the metadata', COMPLETED, session({ metadata: { externalId: 'user-3' } }), 'user-2'],
    ['the session\'s metadata', COMPLETED, session({ client_reference_id: null, metadata: { externalId: 'user-3' } }), 'user-3'],
    ['the invoice\'s metadata', 'invoice.paid', invoice({ metadata: { externalId: 'user-4' } }), 'user-4'],
    ['the subscription\'s metadata', 'invoice.paid', invoice({ parent: { subscription_details: { subscription: 'sub_1', metadata: { externalId: 'user-5' } } } }), 'user-5'],
    ['the older place of it', 'invoice.paid', olderInvoice({ subscription_details: { metadata: { externalId: 'user-6' } } }), 'user-6'],
    ['nobody', COMPLETED, session({ client_reference_id: null }), null],
    ['what cannot be an id', COMPLETED, session({ client_reference_id: ` x\n` }), null],
    ['nor a number', COMPLETED, session({ client_reference_id: null, metadata: { externalId: 7 } }), null],
  ])('the member is named by %s', (_what, type, object, externalId) => {
    expect(read(type, object)?.externalId).toBe(externalId);
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    ['a trial', COMPLETED, subscriptionSession({ amount_total: 0, payment_status: 'no_payment_required' }), 'nothing_paid'],
    ['a discount of all', COMPLETED, session({ amount_total: 0 }), 'nothing_paid'],
    ['a saved card', COMPLETED, session({ mode: 'setup', amount_total: null, currency: null, payment_intent: null }), 'nothing_paid'],
    ['a debit under way', COMPLETED, session({ payment_status: 'unpaid' }), 'not_paid_yet'],
    ['an invoice of nothing', 'invoice.paid', invoice({ amount_paid: 0 }), 'nothing_paid'],
    ['an unknown currency', 'invoice.paid', invoice({ currency: 'xxx' }), 'currency_not_supported'],
    ['a negative amount', 'invoice.paid', invoice({ amount_paid: -5 }), 'invalid_amount'],
    ['a fraction', COMPLETED, session({ amount_total: 12.5 }), 'invalid_amount'],
    ['more than can be counted', COMPLETED, session({ amount_total: 2 ** 53 }), 'invalid_amount'],
    ['an amount as text', COMPLETED, session({ amount_total: '5831' }), 'unreadable'],
  ])('%s converts nothing', (_what, type, object, reason) => {
    expect(says(type, object)).toEqual(passed(reason));
  });

  test('a trial still tells whose customer it is', () => {
    expect(read(COMPLETED, subscriptionSession({ amount_total: 0, payment_status: 'no_payment_required' }))).toMatchObject({ externalId: 'user-2', customer: 'cus_Kite2' });
  });

  test('a slow payment converts when it has arrived', () => {
    expect(says('checkout.session.async_payment_succeeded', session())).toMatchObject({ kind: 'fact', fact: { type: 'converted' } });
  });

  test('objects that were expanded read like their ids', () => {
    expect(read(COMPLETED, session({ customer: { id: 'cus_X', email: 'bea@example.com' }, payment_intent: { id: 'pi_X' } }))).toMatchObject({ customer: 'cus_X', says: { fact: { detail: { paymentNames: ['pi_X', 'cs_live_a1B2c3'] } } } });
  });
});

describe('what was taken back', () => {
  test('a refund says all that was given back so far, under every name of the payment', () => {
    expect(read('charge.refunded', charge())).toMatchObject({ externalId: null, says: { kind: 'fact', fact: { type: 'refunded', detail: { paymentNames: ['pi_3Kite', 'ch_3Kite'], refundedMinor: 1000, currency: 'EUR' } } } });
    expect(says('charge.refunded', charge({ amount_refunded: 5831, refunded: true, payment_intent: null, invoice: 'in_9' }))).toMatchObject({ fact: { detail: { paymentNames: ['in_9', 'ch_3Kite'], refundedMinor: 5831 } } });
  });

  test('a charge tells by which card or account it was paid, and without one it tells nothing', () => {
    const by = (payment_method_details: unknown) => says('charge.succeeded', charge({ amount_refunded: 0, payment_method_details }));
    const fact = (paymentFingerprint: string) => ({ kind: 'fact', fact: { type: 'refunded', detail: { paymentNames: ['pi_3Kite', 'ch_3Kite'], refundedMinor: 0, currency: 'EUR', paymentFingerprint } } });
    expect(by({ type: 'card', card: { fingerprint: 'Xt5E', last4: '4242' } })).toEqual(fact('card Xt5E'));
    expect(by({ type: 'sepa_debit', sepa_debit: { fingerprint: 'Kq0a' } })).toEqual(fact('sepa_debit Kq0a'));
    for (const none of [undefined, null, 'card', {}, { card: null }, { card: { fingerprint: 7 } }, { card: { fingerprint: '' } }]) expect(by(none)).toEqual(passed('no_means'));
  });

  test('a refund says from where it counts, where the event does', () => {
    const before = (previous_attributes: unknown) => readStripeEvent(stripeEvent('charge.refunded', charge(), { data: { object: charge(), previous_attributes } }))?.says;
    const said = { paymentNames: ['pi_3Kite', 'ch_3Kite'], refundedMinor: 1000, currency: 'EUR' };
    expect(before({ amount_refunded: 400, refunded: false })).toEqual({ kind: 'fact', fact: { type: 'refunded', detail: { ...said, refundedBeforeMinor: 400 } } });
    for (const none of [undefined, null, {}, { refunded: false }, { amount_refunded: '400' }, { amount_refunded: -1 }, 'x']) expect(before(none)).toEqual({ kind: 'fact', fact: { type: 'refunded', detail: said } });
  });

  test.each([['failed'], ['canceled']])('a refund that ended as %s was not given back', (status) => {
    expect(says('charge.refund.updated', refund({ status }))).toEqual({ kind: 'fact', fact: { type: 'refund_failed', detail: { paymentNames: ['pi_3Kite', 'ch_3Kite'], refundId: 're_3Kite', failedMinor: 1000, currency: 'EUR' } } });
  });

  test.each([['succeeded'], ['pending'], ['requires_action'], [null]])('a refund that is %s stands as it was told', (status) => {
    expect(says('charge.refund.updated', refund({ status }))).toEqual(passed('not_failed'));
  });

  const CREATED_TYPE = 'charge.dispute.created';
  const CLOSED = 'charge.dispute.closed';
  test.each<[string, string, string]>([
    [CREATED_TYPE, 'needs_response', 'dispute_opened'],
    [CREATED_TYPE, 'warning_needs_response', 'dispute_opened'],
    [CREATED_TYPE, 'lost', 'dispute_lost'],
    ['charge.dispute.funds_withdrawn', 'needs_response', 'dispute_opened'],
    [CLOSED, 'won', 'dispute_won'],
    [CLOSED, 'lost', 'dispute_lost'],
    [CLOSED, 'warning_closed', 'dispute_won'],
    [CLOSED, 'prevented', 'dispute_won'],
    ['charge.dispute.funds_reinstated', 'won', 'dispute_won'],
  ])('%s, %s: %s', (type, status, fact) => {
    expect(says(type, dispute({ status }))).toEqual({ kind: 'fact', fact: { type: fact, detail: { paymentNames: ['pi_3Kite', 'ch_3Kite'], amountMinor: 5831, currency: 'EUR', disputeId: 'du_1Kite' } } });
  });

  test('money that comes back before the end says nothing of the end', () => {
    expect(says('charge.dispute.funds_reinstated', dispute({ status: 'under_review' }))).toEqual(passed('not_over'));
  });
});

test.each<[string, number, string, { amountMinor: number; currency: string } | string]>([
  ['two decimals', 1099, 'usd', { amountMinor: 1099, currency: 'USD' }],
  ['none', 500, 'jpy', { amountMinor: 500, currency: 'JPY' }],
  ['none', 500, 'xof', { amountMinor: 500, currency: 'XOF' }],
  ['three', 5120, 'kwd', { amountMinor: 5120, currency: 'KWD' }],
  ['ariary: whole at Stripe, hundredths at ISO', 500, 'mga', { amountMinor: 50_000, currency: 'MGA' }],
  ['króna: hundredths that are 00 at Stripe, none at ISO', 50_000, 'isk', { amountMinor: 500, currency: 'ISK' }],
  ['shilling: the same', 370_000, 'ugx', { amountMinor: 3_700, currency: 'UGX' }],
  ['forint: special in payouts only', 104_500, 'huf', { amountMinor: 104_500, currency: 'HUF' }],
  ['half a króna', 50_050, 'isk', 'invalid_amount'],
  ['ariary without end', 2 ** 50, 'mga', 'invalid_amount'],
  ['withdrawn', 100, 'hrk', 'currency_not_supported'],
  ['nonsense', 100, '__proto__', 'currency_not_supported'],
])('%s: %d %s', (_what, amount, currency, expected) => {
  const money = readStripeAmount(amount, currency);
  expect(money.outcome === 'money' ? money.money : money.reason).toEqual(expected);
});

describe('whatever a body holds', () => {
  test('other types are passed over by their name', () => {
    expect(says('customer.created', { id: 'cus_1', email: 'bea@example.com' })).toEqual(passed('other_type'));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined], ['null', null], ['a list', []], ['a thin event of the second API', { id: 'evt_1', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered' }],
    ['no id', { ...stripeEvent('x', {}), id: undefined }], ['an id that is none', stripeEvent('x', {}, { id: 'in_1' })], ['a type that is none', stripeEvent('x y', {})],
  ])('%s is no event', (_what, body) => {
    expect(readStripeEvent(body)).toBeNull();
  });

  test('an object that lacks what its type has is unreadable, and nothing throws', () => {
    for (const type of STRIPE_EVENTS) {
      for (const object of [{}, null, 'text', [], { id: 7 }, { id: {} }]) expect([type, readStripeEvent(stripeEvent(type, {}, { data: { object } }))?.says]).toEqual([type, passed('unreadable')]);
    }
  });

  test('what is read holds no name and no address', () => {
    const all = [read(COMPLETED, session()), read('invoice.paid', invoice()), read('charge.refunded', charge()), read('charge.dispute.created', dispute())];
    expect(JSON.stringify(all)).not.toMatch(/bea@|Béa|Lyon|rue du Vent|69001/);
  });
});
