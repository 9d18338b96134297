import { charge, dispute, invoice, session } from '../support/stripe-payloads.ts';
import { nextEvent } from '../support/stripe-webhooks.ts';
import { useStripe } from '../support/use-stripe.ts';

/*
 * Texts that JSON can carry and no database can store. A signed event that holds one is answered 200 all the same: with a 500 the vendor
 * would send it again for days, and in the end switch the endpoint off, and with it every payment after it.
 */
const { tell, facts, kept } = useStripe();

const NUL = 'pi_\u0000x';
const HALF = 'half \ud83d';

test.each([
  ['an order', session({ metadata: { orderId: HALF } }), 'checkout.session.completed'],
  ['a product', session({ metadata: { product: HALF } }), 'checkout.session.completed'],
  ['a member', session({ client_reference_id: HALF }), 'checkout.session.completed'],
  ['a member of the metadata', session({ client_reference_id: null, metadata: { externalId: HALF } }), 'checkout.session.completed'],
  ['a customer', session({ customer: NUL }), 'checkout.session.completed'],
  ['a payment intent', session({ payment_intent: HALF }), 'checkout.session.completed'],
  ['an expanded payment intent', session({ payment_intent: { id: NUL } }), 'checkout.session.completed'],
  ['the session itself', session({ id: NUL }), 'checkout.session.completed'],
  ['an invoice', invoice({ id: HALF }), 'invoice.paid'],
  ['a charge', charge({ id: NUL, payment_intent: HALF }), 'charge.refunded'],
  ['a dispute', dispute({ id: NUL }), 'charge.dispute.created'],
  ['the payment of a dispute', dispute({ charge: HALF, payment_intent: HALF }), 'charge.dispute.created'],
])('%s that cannot be stored fails no event, and nothing of it is kept', async (_what, object, type) => {
  expect((await tell(nextEvent(type, object))).status).toBe(200);
  expect(JSON.stringify([await facts(), await kept()])).not.toMatch(/half|\\u0000|\ufffd/);
  expect((await tell(nextEvent('checkout.session.completed', session({ id: 'cs_next', payment_intent: 'pi_next' })))).body).toEqual({ outcome: 'stored' });
});
