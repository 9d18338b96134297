import { purgeExpired } from '../../db/write/purge-expired.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import { NOON, textIn } from '../support/api.ts';
import type { Opening } from '../support/open-page.ts';
import { idOfMember } from '../support/referral-page-rows.ts';
import { cookieOf, embeddedPage } from '../support/embedded-page.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const HOUR_MS = 3_600_000;

const api = useTestApi();
const tenant = useTenantEach(api);
const { makeToken, open } = embeddedPage(api, tenant);
let memberId: MemberId;

beforeEach(async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana', contact: { email: 'ana@example.com' }, zone: 'Europe/Paris' });
  memberId = await idOfMember(api, tenant, 'ana');
});

test('a token is a secret of 192 bits on the tenant\'s own host, lives an hour, and is kept as a digest', async () => {
  const { status, body } = await api.send(tenant, 'POST', '/v1/members/ana/embed-tokens');
  expect([status, body]).toEqual([201, { url: expect.stringMatching(/^https:\/\/flywheel\.example\/r\/[0-9a-z]{26}\.[\w-]{32}$/), expiresAt: '2026-06-10T13:00:00.000Z' }]);
  const rows = await api.database.superuser`select embed_tokens::text as whole from embed_tokens`;
  expect(JSON.stringify(rows)).not.toContain(textIn(body, 'url').slice(-32));
});

test('a token is swapped for a cookie that no script sees; the page is then at an address without it', async () => {
  const path = await makeToken();
  const swapped = await open(path);
  expect([swapped.status, swapped.headers.location, swapped.headers['cache-control']]).toEqual([303, '/r/me', 'no-store']);
  expect(swapped.headers['set-cookie']).toEqual([expect.stringMatching(/^flywheel_referrals=[0-9a-z]{26}\.[\w-]{32}; Path=\/r; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/)]);
  expect(cookieOf(swapped)).not.toContain(path.slice(-32));
  const page = await open('/r/me', { headers: { cookie: `other=1; ${cookieOf(swapped)}` } });
  expect([page.status, page.text.includes('<h1>Invite friends to Kite Club</h1>')]).toEqual([200, true]);
});

test('a token opens once: a second browser is told so, the first finds its page again', async () => {
  const path = await makeToken();
  const first = await open(path);
  const again = await open(path, { headers: { cookie: cookieOf(first) } });
  expect([again.status, again.headers['set-cookie']]).toEqual([303, undefined]);
  const stranger = await open(path);
  expect([stranger.status, stranger.headers['set-cookie'], stranger.text.includes('<h1>This link was opened before</h1>')]).toEqual([404, undefined, true]);
  const token = path.slice('/r/'.length);
  expect((await open('/r/me', { headers: { cookie: `flywheel_referrals=${token}` } })).status).toBe(404);
});

test('of many who open a token at once one gets in', async () => {
  const path = await makeToken();
  const opened = await Promise.all(Array.from({ length: 8 }, () => open(path)));
  expect(opened.map(({ status }) => status).toSorted()).toEqual([303, ...Array.from({ length: 7 }, () => 404)]);
});

test('a token can be opened for an hour, and the session lives one more, to the millisecond', async () => {
  const [late, good] = [await makeToken(), await makeToken()];
  api.clock.advance(HOUR_MS - 1);
  const swapped = await open(good);
  expect(swapped.status).toBe(303);
  api.clock.advance(1);
  const closed = await open(late);
  expect([closed.status, closed.text.includes('<h1>This page is closed</h1>')]).toEqual([404, true]);
  const mine = () => open('/r/me', { headers: { cookie: cookieOf(swapped) } });
  api.clock.advance(HOUR_MS - 2);
  expect((await mine()).status).toBe(200);
  api.clock.advance(1);
  expect((await mine()).status).toBe(404);
});

test.each<[string, Opening]>([
  ['HEAD', { method: 'HEAD' }], ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }], ['a link preview', { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } }], ['a program', { headers: { 'user-agent': 'curl/8.5' } }],
])('%s does not use a token up', async (_what, opening) => {
  const path = await makeToken();
  const looked = await open(path, opening);
  expect([looked.status, looked.headers['set-cookie']]).toEqual([200, undefined]);
  expect((await open(path)).status).toBe(303);
});

test('a token is made for a member there is, of the own tenant, with a key', async () => {
  const other = await api.makeTenant();
  for (const [as, id] of [[tenant, 'nobody'], [other, 'ana'], [other, memberId]] as const) {
    expect((await api.send(as, 'POST', `/v1/members/${id}/embed-tokens`)).status).toBe(404);
    expect((await api.send(as, 'GET', `/v1/members/${id}/referral-summary`)).status).toBe(404);
  }
  expect((await api.send(null, 'POST', '/v1/members/ana/embed-tokens')).status).toBe(401);
  expect((await api.send(tenant, 'POST', '/v1/members/ana/embed-tokens', undefined, { idempotencyKey: null })).body['code']).toBe('idempotency_key_required');
  expect((await api.send(tenant, 'POST', `/v1/members/${memberId}/embed-tokens`)).status).toBe(201);
});

test('nothing is left of a token a day after its end', async () => {
  await makeToken();
  const left = async () => (await api.database.superuser<{ count: number }[]>`select count(*)::int as count from embed_tokens where tenant_id = ${tenant.tenantId}`)[0]?.count;
  await purgeExpired(api.database.relay, NOON + 25 * HOUR_MS - 1);
  expect(await left()).toBe(1);
  await purgeExpired(api.database.relay, NOON + 25 * HOUR_MS);
  expect(await left()).toBe(0);
});

test('a token that is cut, forged, of another tenant or none: one plain page', async () => {
  const path = await makeToken();
  const other = await api.makeTenant();
  for (const one of [path.slice(0, -1), `/r/${other.tenantId.slice(4)}.${path.slice(-32)}`, '/r/x', '/r/%00', '/r/%E0%A4%A', '/r/me', `/r/${'a'.repeat(3_000)}`]) {
    const opened = await open(one);
    expect([one, opened.status, opened.text.includes('<h1>This page is closed</h1>')]).toEqual([one, 404, true]);
  }
  expect((await open(path, { method: 'POST' })).status).toBe(405);
  expect(JSON.stringify(api.logged)).not.toContain(path.slice(-32));
});
