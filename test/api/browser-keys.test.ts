import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { makeKey } from '../../db/write/make-key.ts';
import { revokeKey } from '../../db/write/revoke-key.ts';
import { rotateKey } from '../../db/write/rotate-key.ts';
import { isIdempotencyKey } from '../../src/api/answer-once.ts';
import type { Caller } from '../../src/api/authenticate.ts';
import { ownKeyOf } from '../../src/api/browser-caller.ts';
import { newId } from '../../src/config/new-id.ts';
import { asId } from '../../src/domain/ids.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import { NOON, textIn } from '../support/api.ts';
import { fromPage, openPage, ORIGIN, pageHeaders } from '../support/browser-calls.ts';
import type { Page } from '../support/browser-calls.ts';
import { everyRoute, pathOf } from '../support/every-route.ts';
import { usePage } from '../support/use-feed.ts';

const HOUR_MS = 3_600_000;

const { api, tenant, page } = usePage();

const feed = (headers: Record<string, string>) => api.send(null, 'GET', '/v1/feed', undefined, { headers });

describe('who may ask', () => {
  test('key and token open the member\'s own feed, and the page may read the answer', async () => {
    const { status, headers, body } = await fromPage(api, page, 'GET', '/v1/feed');
    expect([status, body]).toEqual([200, { data: [], hasMore: false, nextCursor: null, unread: 0 }]);
    expect([headers.get('access-control-allow-origin'), headers.get('vary'), headers.get('access-control-allow-credentials'), headers.get('cache-control')]).toEqual([ORIGIN, 'Origin', null, 'no-store']);
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  test('a token says ids and an end, and nothing of it is stored', async () => {
    const { body } = await api.send(tenant, 'POST', '/v1/members/ana/tokens');
    expect(body).toEqual({ token: expect.stringMatching(/^mt_[0-9a-z]{26}\.[0-9a-z]{26}\.\d{10}\.[\w-]{43}$/), memberId: page.memberId, expiresAt: '2026-06-10T13:00:00.000Z' });
    const rows = await api.database.superuser<{ text: string }[]>`select k::text as text from api_keys k union all select i::text from idempotency i`;
    for (const { text } of rows) expect(text).not.toContain(page.publishable.slice(3));
    expect((await api.send(tenant, 'POST', '/v1/members/nobody/tokens')).status).toBe(404);
  });

  test.each<[string, (page: Page) => Record<string, string>, number, string]>([
    ['no token', ({ publishable }) => ({ 'x-flywheel-key': publishable, origin: ORIGIN }), 401, 'member_token_missing'],
    ['no key', ({ token }) => ({ authorization: `Bearer ${token}`, origin: ORIGIN }), 401, 'wrong_key_kind'],
    ['a key that nobody made', ({ token }) => ({ 'x-flywheel-key': `pk_${'x'.repeat(43)}`, authorization: `Bearer ${token}` }), 401, 'key_unknown'],
    ['an altered token', (own) => pageHeaders({ ...own, token: `${own.token.slice(0, -2)}${own.token.endsWith('AA') ? 'BB' : 'AA'}` }), 401, 'member_token_unknown'],
    ['a token whose end was put off', (own) => pageHeaders({ ...own, token: own.token.replace(/\.\d{10}\./, '.1999999999.') }), 401, 'member_token_unknown'],
    ['the publishable key as a token', (own) => pageHeaders({ ...own, token: own.publishable }), 401, 'member_token_unknown'],
    ['a foreign origin', (own) => pageHeaders(own, 'https://evil.example'), 403, 'origin_not_allowed'],
    ['an origin that ends alike', (own) => pageHeaders(own, 'https://evilapp.kite.example'), 403, 'origin_not_allowed'],
    ['an origin that begins alike', (own) => pageHeaders(own, 'https://app.kite.example.evil.example'), 403, 'origin_not_allowed'],
    ['plain http', (own) => pageHeaders(own, 'http://app.kite.example'), 403, 'origin_not_allowed'],
    ['another port', (own) => pageHeaders(own, 'https://app.kite.example:8443'), 403, 'origin_not_allowed'],
    ['an opaque origin', (own) => pageHeaders(own, 'null'), 403, 'origin_not_allowed'],
    ['this machine, without a key for development', (own) => pageHeaders(own, 'http://localhost:5173'), 403, 'origin_not_allowed'],
  ])('%s is refused in so many words', async (_what, headersOf, status, code) => {
    const headers = headersOf(page);
    const reply = await feed(headers);
    expect([reply.status, reply.body['code'], reply.headers.get('content-type')]).toEqual([status, code, 'application/problem+json']);
    // Only a page that may use the key reads why.
    const isListed = headers['origin'] === ORIGIN && code !== 'wrong_key_kind';
    expect(reply.headers.get('access-control-allow-origin')).toBe(isListed ? ORIGIN : null);
    expect(reply.headers.get('vary')).toBe('Origin');
    expect(reply.text).not.toContain(page.token.slice(-20));
  });

  test('a token ends after an hour, and the page is told so', async () => {
    api.clock.set(NOON + HOUR_MS - 1);
    expect((await fromPage(api, page, 'GET', '/v1/feed')).status).toBe(200);
    api.clock.set(NOON + HOUR_MS);
    const { status, body, headers } = await fromPage(api, page, 'GET', '/v1/feed');
    expect([status, body['code'], headers.get('access-control-allow-origin')]).toEqual([401, 'member_token_expired', ORIGIN]);
  });

  test('a revoked key opens nothing from that moment, and the page is told so', async () => {
    await revokeKey(api.database.owner, asId('key', page.keyId), NOON);
    const { status, body, headers } = await fromPage(api, page, 'GET', '/v1/feed');
    expect([status, body['code'], headers.get('access-control-allow-origin')]).toEqual([401, 'key_revoked', ORIGIN]);
  });

  test('an app without pages has no origin: key and token are enough', async () => {
    expect((await fromPage(api, page, 'GET', '/v1/feed', undefined, { origin: null })).status).toBe(200);
    const native = await openPage(api, tenant, 'ben', { origins: [] });
    expect((await fromPage(api, native, 'GET', '/v1/feed', undefined, { origin: null })).status).toBe(200);
    expect((await fromPage(api, native, 'GET', '/v1/feed')).body['code']).toBe('origin_not_allowed');
  });

  test('a key for development serves this machine, on whatever port, and says by its name what it is', async () => {
    const local = await openPage(api, tenant, 'ben', { isDevelopment: true });
    expect(local.publishable).toMatch(/^pk_dev_[\w-]{43}$/);
    for (const origin of ['http://localhost:5173', 'http://localhost', 'http://127.0.0.1:3000', ORIGIN]) {
      const { status, headers } = await fromPage(api, local, 'GET', '/v1/feed', undefined, { origin });
      expect([origin, status, headers.get('access-control-allow-origin')]).toEqual([origin, 200, origin]);
    }
    for (const origin of ['http://localhost.evil.example', 'http://localhost:5173.evil.example', 'http://192.168.0.7:3000', 'http://user@localhost']) {
      expect([origin, (await fromPage(api, local, 'GET', '/v1/feed', undefined, { origin })).status]).toEqual([origin, 403]);
    }
  });

  test('key and token are of one app: another tenant\'s key does not take this one\'s token', async () => {
    const other = await openPage(api, await api.makeTenant({ name: 'Other' }), 'ana');
    expect((await fromPage(api, { ...page, publishable: other.publishable }, 'GET', '/v1/feed')).body['code']).toBe('member_token_unknown');
    expect((await fromPage(api, { ...page, token: other.token }, 'GET', '/v1/feed')).body['code']).toBe('member_token_unknown');
  });

  test('the successor of a publishable key is one, for the same origins', async () => {
    const next = await rotateKey(api.database.owner, { keyId: asId('key', page.keyId), overlapMs: 0 }, NOON);
    if (next.outcome !== 'rotated') throw new Error(next.outcome);
    expect(next.secret).toMatch(/^pk_/);
    expect((await fromPage(api, { ...page, publishable: next.secret }, 'GET', '/v1/feed')).status).toBe(200);
    expect((await fromPage(api, { ...page, publishable: next.secret }, 'GET', '/v1/feed', undefined, { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('what it opens', () => {
  const forBrowsers = new Set(['GET /v1/feed', 'GET /v1/feed/stream', 'GET /v1/feed/{id}', 'PUT /v1/feed/marks', 'GET /v1/feed/choices', 'PUT /v1/feed/choices', 'POST /v1/prompts/decide', 'POST /v1/prompts/{id}/answers']);
  const closed = everyRoute.filter(([, route]) => route.browser !== true);

  test('routes for browsers are few, and named here', () => {
    expect(everyRoute.flatMap(([name, route]) => (route.browser === true && !forBrowsers.has(name) ? [name] : []))).toEqual([]);
  });

  test.each(closed)('%s is closed to a publishable key, with and without a token', async (_name, route) => {
    const method = route.method.toUpperCase();
    const body = route.method === 'get' || route.method === 'delete' ? undefined : {};
    for (const headers of [pageHeaders(page), { authorization: `Bearer ${page.publishable}` }, { authorization: `Bearer ${page.token}` }]) {
      const reply = await api.send(null, method, pathOf(route), body, { headers });
      expect([reply.status, reply.body['code'], reply.headers.get('access-control-allow-origin')]).toEqual([401, 'wrong_key_kind', null]);
    }
  });

  test('a secret key in the place of the publishable one is refused, with the advice to revoke it', async () => {
    const { status, body } = await feed({ 'x-flywheel-key': tenant.secret, authorization: `Bearer ${page.token}` });
    expect([status, body['code'], textIn(body, 'detail').includes('revoke it')]).toEqual([401, 'wrong_key_kind', true]);
  });

  test('a page asks for its own member alone', async () => {
    const ben = await openPage(api, tenant, 'ben');
    for (const query of ['?externalId=ben', `?memberId=${ben.memberId}`, '?externalId=ana']) expect((await fromPage(api, page, 'GET', `/v1/feed${query}`)).status).toBe(400);
    expect((await fromPage(api, page, 'GET', `/v1/feed?memberId=${page.memberId}`)).status).toBe(200);
    expect((await fromPage(api, page, 'PUT', '/v1/feed/choices', { choices: [{ topic: '*', channel: 'push', on: false }], externalId: 'ben' })).status).toBe(400);
  });
});

test('a member who asks too often is slowed down, and takes nothing from the app\'s servers or from others', async () => {
  const limited = await api.makeTenant({ tier: 'growth' });
  const [ana, ben] = [await openPage(api, limited, 'ana'), await openPage(api, limited, 'ben')];
  let refused = await fromPage(api, ana, 'GET', '/v1/feed');
  for (let asked = 0; asked < 80 && refused.status === 200; asked += 1) refused = await fromPage(api, ana, 'GET', '/v1/feed');
  expect([refused.status, refused.body['code'], refused.headers.get('access-control-allow-origin')]).toEqual([429, 'rate_limited', ORIGIN]);
  expect(refused.headers.get('ratelimit-policy')).toContain('"member"');
  expect((await fromPage(api, ben, 'GET', '/v1/feed')).status).toBe(200);
  expect((await api.send(limited, 'GET', '/v1/feed?externalId=ana')).status).toBe(200);
});

test('an Idempotency-Key of one member\'s page is never another\'s, nor the server\'s: nobody gets the answer to somebody else\'s request', () => {
  const caller = (asMember: MemberId | null): Caller => ({ kind: 'caller', keyId: asId('key', page.keyId), tenantId: tenant.tenantId, tier: 'unlimited', asMember, until: null });
  const [ana, ben] = [newId('mbr', NOON), newId('mbr', NOON)];
  const keys = [null, ana, ben].map((member) => ownKeyOf(caller(member), 'one-and-the-same'));
  expect([keys[0], new Set(keys).size, ownKeyOf(caller(ana), 'one-and-the-same') === keys[1]]).toEqual(['one-and-the-same', 3, true]);
  for (const key of keys) expect(isIdempotencyKey(key)).toBe(true);
});

test.each(['X-Flywheel-Key', 'Origin'])('a request that says %s twice is refused', async (name) => {
  const { hostname, port } = new URL(api.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(`GET /v1/feed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${name}: a\r\n${name.toLowerCase()}: b\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*once/);
});

test('a secret key is still made where nothing else is asked for', async () => {
  const { secret } = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'server' }, NOON);
  expect(secret).toMatch(/^sk_[\w-]{43}$/);
  expect((await api.send(secret, 'GET', '/v1/tenant')).status).toBe(200);
});
