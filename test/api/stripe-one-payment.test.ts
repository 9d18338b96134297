import { charge, CREATED, dispute, invoice, invoicePayment, session, subscriptionSession } from '../support/stripe-payloads.ts';
import { nextEvent } from '../support/stripe-webhooks.ts';
import { useStripe } from '../support/use-stripe.ts';

const { api, tenant, tell, kept } = useStripe();

/** Payments as they stand, aliases resolved, with what was said of them afterwards. */
const payments = async () => (await api.database.superuser<{ amount: number | null; currency: string | null; names: string[]; changes: string[] }[]>`
  select p.amount_minor as amount, p.currency, (select array_agg(n.name order by n.name) from payment_names n where n.payment_id = p.id) as names,
         array(select c.kind || coalesce(' ' || c.amount_minor, '') from payment_changes c where c.payment_id = p.id order by c.at, c.event_id) as changes
  from payments p where p.tenant_id = ${tenant.tenantId} and p.merged_into is null order by p.paid_at, p.id`).map((row) => row);

describe('one payment is one, whatever names it', () => {
  const FIRST = ['cs_live_sub1', 'in_1Kite', 'pi_3KiteSub', 'sub_1Kite#first'];
  const told = () => [
    nextEvent('checkout.session.completed', subscriptionSession()), nextEvent('invoice.paid', invoice()), nextEvent('invoice_payment.paid', invoicePayment()),
    nextEvent('charge.refunded', charge({ id: 'ch_sub', payment_intent: 'pi_3KiteSub', amount: 1900, amount_refunded: 400 }), { created: CREATED + 5 }),
  ];

  test.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[1, 3, 0, 2]], [[2, 3, 1, 0]]])('a subscription\'s checkout, first invoice and refund, in the order %p', async (order) => {
    const events = told();
    for (const n of order) {
      api.clock.advance(10_000);
      await tell(events[n]);
    }
    expect(await payments()).toEqual([{ amount: 1900, currency: 'EUR', names: ['ch_sub', ...FIRST], changes: ['refunded 0', 'refunded 400'] }]);
  });

  test('the next month is another', async () => {
    await tell(nextEvent('checkout.session.completed', subscriptionSession()));
    await tell(nextEvent('invoice.paid', invoice({ id: 'in_2Kite', billing_reason: 'subscription_cycle' })));
    expect((await payments()).map(({ names }) => names)).toEqual(expect.arrayContaining([['in_2Kite'], ['cs_live_sub1', 'in_1Kite', 'sub_1Kite#first']]));
  });

  test('what the app reported itself under its orderId is the same payment', async () => {
    await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: 'own-1', type: 'converted', externalId: 'user-2', orderId: 'order-7', amountMinor: 5831, currency: 'EUR' }] });
    await tell(nextEvent('checkout.session.completed', session({ metadata: { orderId: 'order-7' } })));
    expect((await payments()).map(({ names }) => names)).toEqual([['cs_live_a1B2c3', 'order-7', 'pi_3Kite']]);
  });

  test('refunds are set, not added; one above what we know of is of the whole payment', async () => {
    await tell(nextEvent('checkout.session.completed', session({ amount_total: 4900 })));
    api.clock.advance(60_000);
    await tell(nextEvent('charge.refunded', charge({ amount_refunded: 1000 }), { created: CREATED + 10 }));
    await tell(nextEvent('charge.refunded', charge({ amount_refunded: 3000 }), { created: CREATED + 20 }));
    expect((await tell(nextEvent('charge.refunded', charge({ amount_refunded: 5831 }), { created: CREATED + 30 }))).body).toEqual({ outcome: 'stored' });
    expect((await payments())[0]?.changes).toEqual(['refunded 1000', 'refunded 3000', 'refunded']);
  });

  test('a dispute in another currency is of the whole payment; a payment in two currencies is passed over and says so', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    expect((await tell(nextEvent('charge.dispute.created', dispute({ currency: 'usd' })))).body).toEqual({ outcome: 'stored' });
    expect((await payments())[0]?.changes).toEqual(['dispute_opened']);
    expect((await tell(nextEvent('checkout.session.async_payment_succeeded', session({ currency: 'usd' })))).body).toEqual({ outcome: 'passed_over', reason: 'mixed_currencies' });
    expect((await kept()).map(({ outcome, reason }) => reason ?? outcome)).toEqual(['stored', 'stored', 'mixed_currencies']);
  });
});
