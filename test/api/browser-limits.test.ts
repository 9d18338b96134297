import { memberRule, PUBLIC_RULES, TIERS, tierRule } from '../../src/domain/limits/tiers.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';
import { fromPage, openPage, ORIGIN } from '../support/browser-calls.ts';

/** What slows a page down can be read by it. The clock stands, and a proxy tells where requests come from. */
let api: TestApi;
beforeAll(async () => { api = await openTestApi({ trustProxy: 1 }); });
afterAll(() => api.close());

test('on every tier one member may do well less than the key of all', () => {
  const above = TIERS.filter((tier) => {
    const [key, member] = [tierRule(tier, 'requests'), memberRule(tier)];
    return key !== null && (member.burst * 4 > key.burst || member.quota >= key.quota);
  });
  expect(above).toEqual([]);
});

test('on the free tier a member who asks without end leaves the others their share', async () => {
  const tenant = await api.makeTenant({ tier: 'free' });
  const [ana, ben] = [await openPage(api, tenant, 'ana'), await openPage(api, tenant, 'ben')];
  const statuses: number[] = [];
  for (let asked = 0; asked < 30; asked += 1) statuses.push((await fromPage(api, ana, 'GET', '/v1/feed')).status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(memberRule('free').burst);
  expect(statuses.at(-1)).toBe(429);
  expect((await fromPage(api, ben, 'GET', '/v1/feed')).status).toBe(200);
});

test('a network that is refused before its key is looked at is told so in a way that its pages can read', async () => {
  const page = await openPage(api, await api.makeTenant(), 'ana');
  const forged = { ...page, token: `${page.token.slice(0, -2)}${page.token.endsWith('AA') ? 'BB' : 'AA'}` };
  const headers = { 'x-forwarded-for': '203.0.113.200' };
  let refused = await fromPage(api, forged, 'GET', '/v1/feed', undefined, { headers });
  for (let asked = 0; asked < PUBLIC_RULES.badKeys.burst + 5 && refused.status !== 429; asked += 1) refused = await fromPage(api, forged, 'GET', '/v1/feed', undefined, { headers });
  // One that was not asked about yet: it is refused without a look, so that it is not known whose page it is.
  const fresh = { ...forged, token: `${forged.token.slice(0, -3)}x${forged.token.slice(-2)}` };
  const { status, headers: answer } = await fromPage(api, fresh, 'GET', '/v1/feed', undefined, { headers });
  expect([status, answer.get('access-control-allow-origin'), answer.get('access-control-expose-headers')?.includes('Retry-After'), answer.get('retry-after')]).toEqual([429, ORIGIN, true, '1']);
  const nobodys = await fromPage(api, fresh, 'GET', '/v1/feed', undefined, { headers, origin: 'null' });
  expect([nobodys.status, nobodys.headers.get('access-control-allow-origin'), nobodys.headers.get('vary')]).toEqual([429, null, 'Origin']);
  const server = await api.send('sk_nothing', 'GET', '/v1/tenant', undefined, { headers: { ...headers, origin: ORIGIN } });
  expect([server.status, server.headers.get('access-control-allow-origin')]).toEqual([429, null]);
});
