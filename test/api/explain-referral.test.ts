import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

const DAY_MS = 86_400_000;
const withCode = z.object({ personalLink: z.object({ code: z.string() }) });
const nowOf = z.object({ now: z.object({ state: z.string(), waitsFor: z.string(), nextAt: z.string().nullable() }), workflowId: z.string().nullable() });

let api: TestApi;
let tenant: TestTenant;
let referralId: string;

beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  const rewards = { rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } }], holdDays: 30 };
  await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Bring a friend', terms: { rewards } });
  const ana = await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana Secret', contact: { email: 'ana@secret.example' } });
  await tell({ type: 'signed_up', externalId: 'ben', code: withCode.parse(ana.body).personalLink.code });
  api.clock.advance(DAY_MS);
  await tell({ type: 'converted', externalId: 'ben', amountMinor: 4900, currency: 'EUR', orderId: 'order-1' });
  referralId = textIn(listIn((await api.send(tenant, 'GET', '/v1/referrals')).body, 'data')[0] ?? {}, 'id');
});

async function tell(event: object): Promise<void> {
  expect(listIn((await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: randomUUID(), ...event }] })).body, 'results')).toMatchObject([{ outcome: 'stored' }]);
}

async function story() {
  const { status, body, text } = await api.send(tenant, 'GET', `/v1/referrals/${referralId}/explain`);
  expect(status).toBe(200);
  return { ...nowOf.parse(body), titles: listIn(body, 'entries').map((entry) => textIn(entry, 'title')), text };
}

test('a referral is told from what spoke for the referrer to what it waits for, without anything personal', async () => {
  const { now, titles, workflowId, text } = await story();
  expect(titles).toEqual(expect.arrayContaining(['The referee signed up.', 'The referee paid 49.00 EUR.', 'The referrer earned 7.35 EUR: held until Sat 11 July 12:00 UTC.']));
  expect(now).toMatchObject({ state: 'qualified', nextAt: '2026-07-11T12:00:00.000Z', waitsFor: expect.stringContaining('the end of the hold Sat 11 July 12:00 UTC') });
  expect(workflowId).toBe(`referral/${referralId}/1`);
  expect(text).not.toMatch(/secret/i);
});

test('what was taken back by a refund, and who voided it, stand in the story', async () => {
  await tell({ type: 'refunded', orderId: 'order-1', refundedMinor: 2450, currency: 'EUR' });
  api.clock.advance(1000);
  await api.send(tenant, 'POST', `/v1/referrals/${referralId}/void`, { reason: 'Asked by ana@secret.example' });
  const { now, titles, text } = await story();
  expect(titles).toEqual(expect.arrayContaining(['Refunded so far: 24.50 EUR.', '3.68 EUR of the referrer\'s reward were taken back.']));
  expect(now.state).toBe('voided');
  expect(text).not.toMatch(/secret/i);
});

test('a page that opens once tells the same', async () => {
  const { body } = await api.send(tenant, 'POST', '/v1/explain-links', { referralId });
  const { pathname } = new URL(textIn(body, 'url'));
  const asked = await fetch(`${api.url}${pathname}`);
  expect(await asked.text()).toContain('The story of one referral');
  const page = await (await fetch(`${api.url}${pathname}`, { method: 'POST' })).text();
  expect(page).toContain('The referee paid 49.00 EUR.');
  expect(page).not.toMatch(/secret/i);
  expect(await (await fetch(`${api.url}${pathname}`)).text()).toContain('was opened already');
});

test.each([
  ['another tenant\'s referral', async () => { const other = await api.makeTenant(); return api.send(other, 'GET', `/v1/referrals/${referralId}/explain`); }, 404],
  ['no referral\'s id', () => api.send(tenant, 'GET', '/v1/referrals/nothing/explain'), 404],
  ['a link to a referral there is not', () => api.send(tenant, 'POST', '/v1/explain-links', { referralId: 'ref_01kx7m3p9q2r4s5t6v7w8x9y0z' }), 400],
  ['a link to nothing', () => api.send(tenant, 'POST', '/v1/explain-links', {}), 400],
  ['a link to two things', () => api.send(tenant, 'POST', '/v1/explain-links', { referralId, inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00' }), 400],
])('%s is answered clearly', async (_what, ask, status) => {
  const reply = await ask();
  expect([reply.status, typeof reply.body['code']]).toEqual([status, 'string']);
});
