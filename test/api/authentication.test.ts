import { makeKey } from '../../db/write/make-key.ts';
import { revokeKey } from '../../db/write/revoke-key.ts';
import { NOON } from '../support/api.ts';
import { everyRoute, pathOf } from '../support/every-route.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api);
let revoked: string;
let expired: string;

beforeAll(async () => {
  const { owner } = api.database;
  const [toRevoke, toExpire] = await Promise.all([
    makeKey(owner, { tenantId: tenant.tenantId, name: 'revoked' }, NOON),
    makeKey(owner, { tenantId: tenant.tenantId, name: 'expired', expiresAt: NOON }, NOON - 1000),
  ]);
  await revokeKey(owner, toRevoke.keyId, NOON);
  revoked = toRevoke.secret;
  expired = toExpire.secret;
});
beforeEach(() => { api.clock.set(NOON); });

describe.each(everyRoute)('%s', (_name, route) => {
  test.each([
    ['no key', () => null, 'key_missing'],
    ['an unknown key', () => `sk_${'x'.repeat(43)}`, 'key_unknown'],
    ['a revoked key', () => revoked, 'key_revoked'],
    ['an expired key', () => expired, 'key_expired'],
  ])('is closed to %s', async (_what, secret, code) => {
    const reply = await api.send(secret(), route.method.toUpperCase(), pathOf(route), route.method === 'get' || route.method === 'delete' ? undefined : {});
    expect(reply).toMatchObject({ status: 401, body: { code, status: 401, type: `/docs/problems#${code}` } });
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="flywheel"/);
  });
});

const tenantWith = (authorization: string) => api.send(null, 'GET', '/v1/tenant', undefined, { headers: { authorization } });

test.each([
  ['Basic dXNlcjpwYXNz', 'key_missing'], ['Bearer', 'key_missing'], ['Bearer  ', 'key_missing'], ['Bearer a b', 'key_missing'],
  ['Bearer pk_123', 'key_unknown'], [`Bearer sk_${'x'.repeat(300)}`, 'key_unknown'], ['Bearer sk_', 'key_unknown'],
])('%j is no key', async (authorization, code) => {
  expect((await tenantWith(authorization)).body['code']).toBe(code);
});

test('the scheme is read in any case', async () => {
  expect((await tenantWith(`bearer ${tenant.secret}`)).status).toBe(200);
});

test('a key works until the instant it expires, and not at it', async () => {
  const key = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'short', expiresAt: NOON + 1000 }, NOON);
  api.clock.set(NOON + 999);
  expect((await api.send(key.secret, 'GET', '/v1/tenant')).status).toBe(200);
  api.clock.set(NOON + 1000);
  expect((await api.send(key.secret, 'GET', '/v1/tenant')).body['code']).toBe('key_expired');
});

test('a key is refused from the moment it is revoked; revoking again keeps the first time', async () => {
  const key = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'leaked' }, NOON);
  expect((await api.send(key.secret, 'GET', '/v1/tenant')).status).toBe(200);
  expect(await revokeKey(api.database.owner, key.keyId, NOON)).toEqual({ outcome: 'revoked' });
  expect((await api.send(key.secret, 'GET', '/v1/tenant')).body['code']).toBe('key_revoked');
  expect(await revokeKey(api.database.owner, key.keyId, NOON + 5000)).toEqual({ outcome: 'already' });
  const [row] = await api.database.superuser<{ at: number }[]>`select revoked_at as at from api_keys where id = ${key.keyId}`;
  expect(row?.at).toBe(NOON);
});

test('the text of a key is stored nowhere, and never logged', async () => {
  await api.send(tenant, 'GET', '/v1/tenant');
  const stored = await api.database.superuser`select k::text as k from api_keys k`;
  expect(JSON.stringify(stored)).not.toContain(tenant.secret.slice(3));
  expect(JSON.stringify(api.logged)).not.toContain(tenant.secret.slice(3));
});
