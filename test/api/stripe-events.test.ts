import { purgeExpired } from '../../db/write/purge-expired.ts';
import { listIn, NOON, readPages, textIn } from '../support/api.ts';
import { charge, CREATED, dispute, invoice, invoicePayment, session, subscriptionSession } from '../support/stripe-payloads.ts';
import { nextEvent, SECRET } from '../support/stripe-webhooks.ts';
import { useStripe } from '../support/use-stripe.ts';

const { api, tenant, tell, facts, kept } = useStripe();

const everything = async () => JSON.stringify([
  await api.database.superuser`select * from billing_events`, await api.database.superuser`select * from billing_customers`, await api.database.superuser`select * from events`,
]);

describe('what is paid, refunded and disputed', () => {
  test('a checkout becomes a conversion of its member', async () => {
    expect(await tell(nextEvent('checkout.session.completed', session()))).toMatchObject({ status: 200, body: { outcome: 'stored' } });
    expect(await facts()).toMatchObject([{ type: 'converted', member: 'user-2', at: CREATED * 1_000, detail: { paymentNames: ['pi_3Kite', 'cs_live_a1B2c3'], amountMinor: 5831, currency: 'EUR', country: 'FR' } }]);
    expect(listIn((await api.send(tenant, 'GET', '/v1/events')).body, 'data')).toMatchObject([{ type: 'converted', externalId: 'user-2' }]);
  });

  test('a refund and a dispute follow, with no member of their own', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    await tell(nextEvent('charge.refunded', charge(), { created: CREATED + 60 }));
    await tell(nextEvent('charge.dispute.created', dispute(), { created: CREATED + 120 }));
    await tell(nextEvent('charge.dispute.closed', dispute({ status: 'lost' }), { created: CREATED + 180 }));
    api.clock.advance(300_000);
    expect((await facts()).map(({ type, member }) => [type, member])).toEqual([['converted', 'user-2'], ['refunded', null], ['dispute_opened', null], ['dispute_lost', null]]);
  });

  test('the same event many times at once makes one fact', async () => {
    const event = nextEvent('checkout.session.completed', session());
    const answers = await Promise.all(Array.from({ length: 12 }, () => tell(event)));
    expect(answers.map(({ body }) => textIn(body, 'outcome')).toSorted()).toEqual([...Array.from({ length: 11 }, () => 'duplicate'), 'stored']);
    expect(await facts()).toHaveLength(1);
  });

  test('what is of no use is answered 200 with its reason, and kept with it', async () => {
    expect((await tell(nextEvent('customer.created', { id: 'cus_1' }))).body).toEqual({ outcome: 'passed_over', reason: 'other_type' });
    expect((await tell(nextEvent('invoice.paid', invoice({ amount_paid: 0 })))).body).toEqual({ outcome: 'passed_over', reason: 'nothing_paid' });
    expect((await tell(nextEvent('checkout.session.completed', session({ client_reference_id: null, customer: null })))).body).toEqual({ outcome: 'passed_over', reason: 'no_member' });
    expect((await tell('{"object":"event"}')).body).toEqual({ outcome: 'passed_over', reason: 'unreadable' });
    expect((await kept()).map(({ reason }) => reason)).toEqual(['other_type', 'nothing_paid', 'no_member']);
    expect(await facts()).toEqual([]);
  });

  test('the list says of each event what became of it, in words, page by page, to its tenant alone', async () => {
    await tell(nextEvent('customer.created', { id: 'cus_1' }));
    await tell(nextEvent('invoice.paid', invoice()));
    await tell(nextEvent('charge.refunded', charge()));
    const path = '/v1/billing/stripe/events';
    const pages = await readPages(api, tenant, path, 2);
    expect(pages.map((page) => page.map(({ outcome, reason }) => [outcome, reason]))).toEqual([[['stored', null], ['waiting', 'member_not_known']], [['passed_over', 'other_type']]]);
    for (const event of listIn((await api.send(tenant, 'GET', path)).body, 'data')) expect(event['reason'] === null ? null : typeof event['why']).toBe(event['reason'] === null ? null : 'string');
    expect(listIn((await api.send(tenant, 'GET', `${path}?outcome=waiting`)).body, 'data')).toHaveLength(1);
    expect((await api.send(tenant, 'GET', `${path}?cursor=x`)).body['code']).toBe('invalid_cursor');
    expect(listIn((await api.send(await api.makeTenant(), 'GET', path)).body, 'data')).toEqual([]);
  });

  test('an event from a clock ahead of ours counts as of now', async () => {
    await tell(nextEvent('checkout.session.completed', session(), { created: CREATED + 86_400 }));
    expect(await facts()).toMatchObject([{ at: NOON }]);
  });

  test('a member id of ours in place of the app\'s own names nobody', async () => {
    expect((await tell(nextEvent('checkout.session.completed', session({ client_reference_id: 'mbr_01kx7m3p9q2r4s5t6v7w8x9y0z' })))).body).toEqual({ outcome: 'waiting', reason: 'member_not_known' });
  });
});

describe('whose payment it is may be told later', () => {
  const renewal = () => nextEvent('invoice.paid', invoice({ id: 'in_2Kite', billing_reason: 'subscription_cycle' }));

  test('a payment of a customer nobody has named waits, and is stored once a checkout names both', async () => {
    expect((await tell(renewal())).body).toEqual({ outcome: 'waiting', reason: 'member_not_known' });
    expect(await facts()).toEqual([]);
    await tell(nextEvent('checkout.session.completed', subscriptionSession()));
    expect((await facts()).map(({ type, member }) => [type, member])).toEqual([['converted', 'user-2'], ['converted', 'user-2']]);
    expect((await kept()).map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
  });

  test('a trial names the customer too; later months need no word of who it is', async () => {
    await tell(nextEvent('checkout.session.completed', subscriptionSession({ amount_total: 0, payment_status: 'no_payment_required' })));
    expect((await tell(renewal())).body).toEqual({ outcome: 'stored' });
    expect(await facts()).toMatchObject([{ type: 'converted', member: 'user-2' }]);
  });

  test('checkout and invoice at one instant: neither is left waiting, in whichever order they come', async () => {
    await Promise.all([tell(nextEvent('invoice.paid', invoice())), tell(nextEvent('checkout.session.completed', subscriptionSession())), tell(renewal()), tell(nextEvent('invoice_payment.paid', invoicePayment()))]);
    expect((await kept()).map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect((await facts()).filter(({ type }) => type === 'converted').map(({ member }) => member)).toEqual(['user-2', 'user-2', 'user-2']);
  });

  test('of two words on a customer the later holds, by Stripe\'s own time', async () => {
    await tell(nextEvent('checkout.session.completed', session({ client_reference_id: 'user-new' }), { created: CREATED - 10 }));
    await tell(nextEvent('checkout.session.completed', session({ client_reference_id: 'user-old' }), { created: CREATED - 20 }));
    await tell(renewal());
    expect((await facts()).at(-1)).toMatchObject({ member: 'user-new' });
  });

  test('another tenant\'s customer of the same name is another', async () => {
    const other = await api.makeTenant();
    await api.send(other, 'PUT', '/v1/billing/stripe', { secrets: [SECRET] });
    await tell(nextEvent('checkout.session.completed', session()), { to: other });
    expect((await tell(renewal())).body).toEqual({ outcome: 'waiting', reason: 'member_not_known' });
  });
});

test('nothing of the persons in an event is kept or logged', async () => {
  for (const event of [nextEvent('checkout.session.completed', session()), nextEvent('invoice.paid', invoice({ customer: 'cus_other' })), nextEvent('charge.refunded', charge()), nextEvent('charge.dispute.created', dispute())]) await tell(event);
  expect(`${await everything()} ${JSON.stringify(api.logged)}`).not.toMatch(/bea@|Béa|Lyon|rue du Vent|69001/);
});

test('what was noted of an event goes after 90 days; the fact stays, and is known again', async () => {
  const event = nextEvent('checkout.session.completed', session());
  await tell(event);
  await purgeExpired(api.database.relay, NOON + 90 * 24 * 3_600_000);
  expect(await kept()).toEqual([]);
  await tell(event);
  expect(await facts()).toHaveLength(1);
});

test('with the database away Stripe is told to come again, and the event counts then', async () => {
  const event = nextEvent('checkout.session.completed', session());
  const { superuser } = api.database;
  await superuser`alter table billing_events rename to billing_events_away`;
  try {
    await expect(tell(event)).rejects.toThrow();
  } finally {
    await superuser`alter table billing_events_away rename to billing_events`;
  }
  expect((await tell(event)).body).toEqual({ outcome: 'stored' });
});
