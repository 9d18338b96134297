import { NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { fromPage, openPage, ORIGIN } from '../support/browser-calls.ts';
import type { Page } from '../support/browser-calls.ts';

let api: TestApi;
let tenant: TestTenant;
let page: Page;

beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  page = await openPage(api, tenant, 'ana');
});
afterAll(() => api.close());

const revoke = (id: string, as: TestTenant = tenant) => api.send(as, 'DELETE', `/v1/members/${id}/tokens`);
const statusOf = async (own: Page) => { const { status, body } = await fromPage(api, own, 'GET', '/v1/feed'); return [status, body['code']]; };
const nextToken = async (own: Page): Promise<Page> => ({ ...own, token: textIn((await api.send(tenant, 'POST', `/v1/members/${own.memberId}/tokens`)).body, 'token') });

test('tokens that were taken back open nothing from the next request on, and the page reads why', async () => {
  const ben = await openPage(api, tenant, 'ben');
  api.clock.advance(60_000);
  const second = await nextToken(page);
  api.clock.advance(1_000);
  expect([await statusOf(page), await statusOf(second)]).toEqual([[200, undefined], [200, undefined]]);
  expect((await revoke('ana')).status).toBe(204);
  const refused = await fromPage(api, page, 'GET', '/v1/feed');
  expect([refused.status, refused.body['code'], refused.headers.get('access-control-allow-origin')]).toEqual([401, 'member_token_revoked', ORIGIN]);
  expect([await statusOf(second), await statusOf(ben)]).toEqual([[401, 'member_token_revoked'], [200, undefined]]);
});

test('a token made right after is good, within the same second and later; one made in the second before is not', async () => {
  api.clock.set('2026-06-10T12:00:00.400Z');
  const before = await nextToken(page);
  api.clock.set('2026-06-10T12:00:00.500Z');
  await revoke(page.memberId);
  api.clock.set('2026-06-10T12:00:00.600Z');
  const after = await nextToken(page);
  expect([await statusOf(before), await statusOf(after)]).toEqual([[401, 'member_token_revoked'], [200, undefined]]);
  api.clock.set('2026-06-10T12:30:00Z');
  await revoke('ana');
  expect([await statusOf(after), await statusOf(await nextToken(page))]).toEqual([[401, 'member_token_revoked'], [200, undefined]]);
});

test('taking back again takes back those made meanwhile, within the same second too', async () => {
  for (const at of ['200', '400', '600']) {
    api.clock.set(`2026-06-10T12:00:00.${at}Z`);
    const made = await nextToken(page);
    expect(await statusOf(made)).toEqual([200, undefined]);
    await revoke('ana');
    expect(await statusOf(made)).toEqual([401, 'member_token_revoked']);
  }
  expect(await statusOf(await nextToken(page))).toEqual([200, undefined]);
});

test('a token whose hour is over is told to be expired, taken back or not', async () => {
  await revoke('ana');
  api.clock.advance(3_600_000);
  expect(await statusOf(page)).toEqual([401, 'member_token_expired']);
});

test('nobody takes back the tokens of another tenant\'s member, or of nobody', async () => {
  const other = await api.makeTenant({ name: 'Other' });
  expect([(await revoke(page.memberId, other)).status, (await revoke('nobody')).status]).toEqual([404, 404]);
  expect(await statusOf(page)).toEqual([200, undefined]);
});
