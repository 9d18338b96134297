import { shareCode } from '../../src/domain/link/code.ts';
import { unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';
import { PUBLIC_RULES } from '../../src/domain/limits/tiers.ts';
import { openTestApi, textIn } from '../support/api.ts';
import type { Send, TestApi, TestTenant } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openPage } from '../support/open-page.ts';
import { untilRefused } from '../support/until-refused.ts';

/** Limits of callers whom no key names. The clock stands, and a proxy tells from which address of the outside world each request comes. */
let api: TestApi;
beforeAll(async () => { api = await openTestApi({ trustProxy: 1 }); });
afterAll(() => api.close());

let visitors = 0;
const someAddress = () => `203.0.113.${String((visitors += 1))}`;
const from = (address: string): Send => ({ headers: { 'x-forwarded-for': address } });
const readTenant = (as: TestTenant | string, how: Send) => api.send(as, 'GET', '/v1/tenant', undefined, how);

test('whoever tries keys is stopped by his network, and a neighbour\'s good key goes on', async () => {
  const tenant = await api.makeTenant();
  const address = someAddress();
  expect((await readTenant(tenant, from(address))).status).toBe(200);
  let tried = 0;
  const { passed, refusal } = await untilRefused(() => readTenant(`sk_wrong${String((tried += 1)).padStart(35, '0')}`, from(address)), 50);
  expect([passed, refusal.headers.get('retry-after'), refusal.headers.get('ratelimit')]).toEqual([PUBLIC_RULES.badKeys.burst, '1', '"bad-keys";r=0;t=1']);
  const fresh = await api.makeTenant();
  expect((await readTenant(fresh, from(address))).status).toBe(429);
  expect((await readTenant(tenant, from(address))).status).toBe(200);
  expect((await readTenant(fresh, from(someAddress()))).status).toBe(200);
  api.clock.advance(1_000);
  expect((await readTenant(fresh, from(address))).status).toBe(200);
});

test('a network that opens pages too often gets a page that says so; others and local addresses do not', async () => {
  const open = (address: string, path: string) => openPage(api.url, path, { headers: { 'x-forwarded-for': address } });
  const address = '2001:db8:7:8::1';
  const path = `/explain/${'0'.repeat(26)}.${'a'.repeat(32)}`;
  for (let i = 0; i < PUBLIC_RULES.pages.burst; i += 1) expect((await open(address, path)).status).toBe(404);
  const refused = await open('2001:db8:7:8::2', path);
  expect([refused.status, refused.headers['retry-after'], refused.headers['ratelimit']]).toEqual([429, '1', '"pages";r=0;t=1']);
  expect(refused.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(refused.text).toContain('<h1>Too many requests</h1>');
  expect((await open(address, `/preview/${'0'.repeat(26)}.${'a'.repeat(32)}`)).status).toBe(429);
  expect((await open(someAddress(), path)).status).toBe(404);
  const local = await open('10.0.0.7', path);
  expect([local.status, local.headers['ratelimit']]).toEqual([404, undefined]);
});

test('short links are counted by network, and a redirect does not tell its browser to wait', async () => {
  const tenant = await api.makeTenant();
  const made = await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/' });
  const address = someAddress();
  const followed = await openPage(api.url, `/l/${textIn(made.body, 'code')}`, { headers: { 'x-forwarded-for': address } });
  expect([followed.status, followed.headers['ratelimit'], followed.headers['ratelimit-policy']]).toEqual([302, undefined, '"links";q=3000;w=60']);
  const forged = `/l/${shareCode(api.services.keyring, Buffer.alloc(16, 1))}`;
  const answers = await Promise.all(Array.from({ length: PUBLIC_RULES.links.burst }, () => openPage(api.url, forged, { headers: { 'x-forwarded-for': address } })));
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(PUBLIC_RULES.links.burst - 1);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
});

test('an opt-out is counted for its recipient, and never refused for where it comes from', async () => {
  const tenant = await api.makeTenant();
  const { batchId } = await arrangeInvites(api.database, tenant.tenantId, api.clock.now(), 3);
  const tokenOf = (n: number) => unsubscribeToken(api.services.keyring, { tenantId: tenant.tenantId, batchId, n });
  const address = someAddress();
  const open = (path: string, method: string) => openPage(api.url, path, { method, headers: { 'x-forwarded-for': address } });
  for (let i = 0; i <= PUBLIC_RULES.pages.burst; i += 1) await open('/u/forged', 'GET');
  expect((await open(`/u/${tokenOf(0)}`, 'GET')).status).toBe(429);
  for (const n of [0, 1, 2]) expect((await open(`/u/${tokenOf(n)}`, 'POST')).status).toBe(200);
  const repeats = await Promise.all(Array.from({ length: PUBLIC_RULES.recipient.burst }, () => open(`/u/${tokenOf(0)}`, 'POST')));
  expect(repeats.filter(({ status }) => status === 429)).toHaveLength(1);
});
