import Stripe from 'stripe';
import { listIn, NOON, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { openPage } from '../support/open-page.ts';
import { openPayoutStand } from '../support/payouts.ts';
import { charge, dispute, invoice, session } from '../support/stripe-payloads.ts';
import { nextEvent, openStripeApi } from '../support/stripe-webhooks.ts';
import type { StripeApi } from '../support/stripe-webhooks.ts';
import { tenantTables } from '../checks/support/tenant-tables.ts';

/*
 * As canaries.test.ts, for what money brings with it: where somebody is paid, by which means somebody paid, what a billing
 * vendor tells of a buyer, and every secret that is handed in or out. None of it stands anywhere in the clear.
 */
const CANARY = 'zqcanary';
let stripe: StripeApi;
let api: TestApi;
let tenant: TestTenant;
const given: string[] = [];

beforeAll(async () => {
  stripe = await openStripeApi();
  ({ api } = stripe);
  tenant = await stripe.tenant();
  await live();
});
afterAll(() => api.close());

async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await api.send(tenant, method, path, body);
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.text}`);
  return reply.body;
}

async function live(): Promise<void> {
  const secret = `whsec_${CANARY}0123456789abcdef`;
  await ask('PUT', '/v1/billing/stripe', { secrets: [secret] });
  const buyer = { email: `${CANARY}@x.example`, name: CANARY, phone: '+4915112340097', address: { line1: CANARY, city: CANARY, country: 'FR' } };
  const events: readonly [string, Record<string, unknown>][] = [
    ['checkout.session.completed', session({ customer_details: buyer, customer_email: buyer.email, shipping_details: buyer, metadata: { note: CANARY } })],
    ['invoice.paid', invoice({ customer_email: buyer.email, customer_name: CANARY, description: CANARY, lines: { data: [{ description: CANARY }] } })],
    ['charge.refunded', charge({ billing_details: buyer, receipt_email: buyer.email, description: CANARY })],
    ['charge.dispute.created', dispute({ evidence: { customer_name: CANARY, customer_email_address: buyer.email }, reason: CANARY })],
    ['customer.updated', { id: 'cus_1', ...buyer }],
  ];
  for (const [type, object] of events) {
    const payload = JSON.stringify(nextEvent(type, object));
    const told = await stripe.tell(tenant, payload, { signature: Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: NOON / 1_000 }) });
    if (told.status !== 200) throw new Error(told.text);
  }
  await stripe.tell(tenant, JSON.stringify(nextEvent('invoice.paid', invoice({ customer_email: buyer.email }))), { signature: `t=1,v1=${CANARY}` });
  const endpoint = await ask('POST', '/v1/webhook-endpoints', { url: 'https://hooks.example.com/' });
  given.push(textIn(endpoint, 'secret'), textIn(await ask('POST', `/v1/webhook-endpoints/${textIn(endpoint, 'id')}/rotate-secret`), 'secret'));
  await ask('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://pay.example.com', secret: `sk_${CANARY}_12345` });
  const stand = await openPayoutStand(api, tenant);
  await stand.release(await stand.member('ana', `DE89${CANARY}0042`), 5_000);
  const { payouts, batchId } = await stand.approved();
  await ask('GET', `/v1/payouts/${payouts.get('ana') ?? ''}`);
  await api.send(tenant, 'GET', `/v1/payout-batches/${batchId}/export`);
  await api.send(tenant, 'PUT', '/v1/members/ana/payee', { details: `${CANARY}\n` });
  const results = listIn(await ask('POST', '/v1/events', { events: [
    { eventId: 'p1', type: 'converted', externalId: 'ana', orderId: 'o1', amountMinor: 100, currency: 'EUR', paymentFingerprint: `fp_${CANARY}` },
    { eventId: 'p2', type: 'converted', externalId: 'ana', orderId: 'o2', amountMinor: -1, currency: 'EUR', paymentFingerprint: `fp_${CANARY}` },
  ] }), 'results');
  if (results[0]?.['outcome'] !== 'stored') throw new Error('the payment was not stored');
  const url = new URL(textIn(await ask('POST', '/v1/members/ana/embed-tokens'), 'url'));
  const opened = await openPage(api.url, url.pathname, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', accept: 'text/html' } });
  const session1 = /flywheel_referrals=[^;.]+\.([^;]+)/.exec(String(opened.headers['set-cookie']))?.[1];
  if (session1 === undefined) throw new Error('no session was given');
  given.push(url.pathname.split('.').at(-1) ?? '', session1);
}

test('no table holds a payee, a means of payment, a buyer or a secret in the clear', async () => {
  const words = [CANARY, '4915112340097', ...given];
  const places: string[] = [];
  for (const { name } of await tenantTables(api.database.superuser)) {
    for (const word of words) {
      const hex = Buffer.from(word).toString('hex');
      const rows = await api.database.superuser.unsafe<{ column: string }[]>(
        `select distinct f.key as column from ${name} t, jsonb_each_text(to_jsonb(t)) f where strpos(f.value, $1) > 0 or strpos(f.value, $2) > 0`, [word, hex]);
      places.push(...rows.map(({ column }) => `${name}.${column}`));
    }
  }
  expect(given.map((word) => word.length > 20)).toEqual([true, true, true, true]);
  expect(places).toEqual([]);
});

test('no line of a log holds any of it', () => {
  const lines = api.logged.map((line) => JSON.stringify(line));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line) => [CANARY, '4915112340097', ...given].some((word) => line.includes(word)))).toEqual([]);
});
