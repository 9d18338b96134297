import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listIn, NOON, openTestApi, textIn, type TestApi, type TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
let code: string;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  await api.send(tenant, 'POST', '/v1/programs', {
    loop: 'invite', title: 'Friends',
    terms: { rewards: { rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } }] } },
  });
  const { body } = await api.send(tenant, 'PUT', '/v1/members/ana', {});
  code = z.object({ code: z.string() }).parse(body['personalLink']).code;
});
afterAll(() => api.close());

const tell = (events: object[]) => api.send(tenant, 'POST', '/v1/events', { events: events.map((event) => ({ eventId: randomUUID(), occurredAt: new Date(NOON).toISOString(), ...event })) });
const signUp = (externalId: string) => ({ type: 'signed_up', externalId, code });
const paid = (externalId: string, more: object = {}) => ({ type: 'converted', externalId, orderId: `order-${externalId}`, amountMinor: 10_000, currency: 'EUR', ...more });
const rewards = async () => listIn((await api.send(tenant, 'GET', '/v1/rewards?limit=100')).body, 'data');

test('one conversion pays once when a hundred reports of it arrive together, under one event or many', async () => {
  await tell([signUp('ben')]);
  const same = paid('ben');
  const replies = await Promise.all(Array.from({ length: 100 }, (_none, n) => tell([n % 2 === 0 ? { ...same, eventId: 'one' } : same])));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await rewards()).toMatchObject([{ state: 'held', grantedMinor: 1_500, leftMinor: 1_500 }]);
  const { body } = await api.send(tenant, 'GET', `/v1/rewards/${textIn((await rewards())[0] ?? {}, 'id')}`);
  expect(listIn(body, 'transfers')).toHaveLength(1);
});

test('a conversion before the sign-up is kept, and earns once somebody has the credit', async () => {
  await tell([paid('cleo')]);
  expect(await rewards()).toEqual([]);
  await tell([signUp('cleo')]);
  expect(await rewards()).toMatchObject([{ state: 'held', grantedMinor: 1_500 }]);
});

test('a refund told before its payment, and one told after, take the same', async () => {
  await tell([signUp('dora'), signUp('emil')]);
  await tell([{ type: 'refunded', orderId: 'order-dora', refundedMinor: 4_000, currency: 'EUR' }]);
  await tell([paid('dora'), paid('emil')]);
  await tell([{ type: 'refunded', orderId: 'order-emil', refundedMinor: 4_000, currency: 'EUR' }]);
  expect((await rewards()).map(({ leftMinor }) => leftMinor)).toEqual([900, 900]);
});

test('a sign-up and its payment in one request earn, with the member hearing of it in the lists', async () => {
  await tell([paid('finn'), signUp('finn')]);
  const [reward] = await rewards();
  const { body } = await api.send(tenant, 'GET', `/v1/rewards?memberId=${textIn(reward ?? {}, 'memberId')}&state=held`);
  expect(listIn(body, 'data')).toHaveLength(1);
});

test('a thousand conversions in one request take seconds, and each pays once', async () => {
  const names = Array.from({ length: 1_000 }, (_none, n) => `m-${String(n)}`);
  for (let from = 0; from < names.length; from += 500) await tell(names.slice(from, from + 500).map(signUp));
  const conversions = names.map((name, n) => paid(name, { eventId: `c-${String(n)}` }));
  for (let times = 0; times < 2; times += 1) {
    for (let from = 0; from < names.length; from += 500) expect((await tell(conversions.slice(from, from + 500))).status).toBe(200);
  }
  const [sums] = await api.database.superuser`select count(*)::int as n, sum(granted_minor)::int as sum from rewards where tenant_id = ${tenant.tenantId}`;
  expect(sums).toEqual({ n: 1_000, sum: 1_500_000 });
  const [books] = await api.database.superuser`select sum(balance_minor)::int as sum, min(balance_minor)::int as budget from accounts where tenant_id = ${tenant.tenantId}`;
  expect(books).toEqual({ sum: 0, budget: -1_500_000 });
}, 60_000);
