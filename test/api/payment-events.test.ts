import { randomUUID } from 'node:crypto';
import { listIn, NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const tell = async (...events: object[]) => listIn((await api.send(tenant, 'POST', '/v1/events', { events: events.map((event) => ({ eventId: randomUUID(), ...event })) })).body, 'results');

test('a payment, its refund and its dispute are stored and read back, without the means of payment', async () => {
  const paid = { eventId: 'p', type: 'converted', externalId: 'ben', orderId: 'o-1', paymentNames: ['pi_1'], amountMinor: 4_900, currency: 'eur', country: 'fr', product: 'pro' };
  expect(await tell({ ...paid, paymentFingerprint: 'card-4242' }, { eventId: 'r', type: 'refunded', orderId: 'o-1', refundedMinor: 900 })).toEqual([{ outcome: 'stored', eventId: 'p', unmatched: [] }, { outcome: 'stored', eventId: 'r', unmatched: [] }]);
  const reply = await api.send(tenant, 'GET', '/v1/events');
  expect(listIn(reply.body, 'data').map(({ eventId, detail }) => [eventId, detail])).toEqual([
    ['r', { paymentNames: ['o-1'], refundedMinor: 900 }], ['p', { paymentNames: ['o-1', 'pi_1'], amountMinor: 4_900, currency: 'EUR', country: 'FR', product: 'pro' }],
  ]);
  expect(reply.text).not.toContain('4242');
});

test.each([
  ['a negative amount', { type: 'converted', externalId: 'ben', orderId: 'o', amountMinor: -1, currency: 'EUR' }, 'invalid_amount'],
  ['a fraction', { type: 'converted', externalId: 'ben', orderId: 'o', amountMinor: 0.5, currency: 'EUR' }, 'invalid_amount'],
  ['more than can be counted', { type: 'converted', externalId: 'ben', orderId: 'o', amountMinor: 1e300, currency: 'EUR' }, 'invalid_amount'],
  ['an unlisted currency', { type: 'converted', externalId: 'ben', orderId: 'o', amountMinor: 1, currency: 'XYZ' }, 'currency_not_supported'],
  ['no order', { type: 'converted', externalId: 'ben', amountMinor: 1, currency: 'EUR' }, 'order_required'],
  ['no member', { type: 'converted', orderId: 'o', amountMinor: 1, currency: 'EUR' }, 'member_required'],
  ['an upgrade of nobody', { type: 'plan_upgraded', plan: 'pro' }, 'member_required'],
  ['a refund above the payment', { type: 'refunded', orderId: 'known', refundedMinor: 101 }, 'refund_above_payment'],
  ['a refund in another currency', { type: 'refunded', orderId: 'known', refundedMinor: 1, currency: 'USD' }, 'mixed_currencies'],
  ['a failed refund that says not which', { type: 'refund_failed', orderId: 'known', failedMinor: 1 }, 'refund_id_required'],
  ['a failed refund that says not how much', { type: 'refund_failed', orderId: 'known', refundId: 're_1' }, 'invalid_amount'],
  ['a failed refund in another currency', { type: 'refund_failed', orderId: 'known', refundId: 're_1', failedMinor: 1, currency: 'USD' }, 'mixed_currencies'],
  ['an amount where none belongs', { type: 'lesson_finished', amountMinor: 1 }, 'field_not_expected'],
])('%s is refused with its reason and spoils no other', async (_what, bad, reason) => {
  await tell({ type: 'converted', externalId: 'cleo', orderId: 'known', amountMinor: 100, currency: 'EUR' });
  expect(await tell({ type: 'ping' }, bad, { type: 'ping' })).toMatchObject([{ outcome: 'stored' }, { outcome: 'refused', reason }, { outcome: 'stored' }]);
});

test.each([
  ['an amount that is a text', { amountMinor: '100' }], ['an order without a letter', { orderId: '' }], ['eleven names', { paymentNames: Array.from({ length: 11 }, (_, n) => `n${String(n)}`) }], ['a currency that is a number', { currency: 978 }],
])('%s is 400 and names its place', async (_what, bad) => {
  const event = { eventId: 'e', type: 'converted', externalId: 'ben', orderId: 'o', amountMinor: 1, currency: 'EUR', ...bad };
  expect(await api.send(tenant, 'POST', '/v1/events', { events: [event] })).toMatchObject({ status: 400, body: { errors: [{ path: expect.stringContaining(`/events/0/${Object.keys(bad)[0] ?? ''}`) }] } });
});
