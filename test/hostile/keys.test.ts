import { makeKey } from '../../db/write/make-key.ts';
import { revokeKey } from '../../db/write/revoke-key.ts';
import { NOON } from '../support/api.ts';
import { changedSince, storedIn } from './support/stored.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/* That every route is closed to these is in test/api/authentication.test.ts; here: in whatever form, and nothing is stored. */
const api = useTestApi();
const tenant = useTenant(api);
let revoked: string;
let expired: string;

beforeAll(async () => {
  const { owner } = api.database;
  const toRevoke = await makeKey(owner, { tenantId: tenant.tenantId, name: 'revoked' }, NOON);
  await revokeKey(owner, toRevoke.keyId, NOON);
  revoked = toRevoke.secret;
  expired = (await makeKey(owner, { tenantId: tenant.tenantId, name: 'expired', expiresAt: NOON }, NOON - 1_000)).secret;
});

test.each<[string, () => string | null, string]>([
  ['nothing', () => null, 'key_missing'],
  ['an empty header', () => '', 'key_missing'],
  ['no scheme', () => tenant.secret, 'key_missing'],
  ['another scheme', () => `Basic ${Buffer.from(`${tenant.secret}:`).toString('base64')}`, 'key_missing'],
  ['a scheme alone', () => 'Bearer ', 'key_missing'],
  ['two keys in one header', () => `Bearer ${tenant.secret} ${tenant.secret}`, 'key_missing'],
  ['a list of keys', () => `Bearer ${tenant.secret}, Bearer ${revoked}`, 'key_missing'],
  ['a key cut short', () => `Bearer ${tenant.secret.slice(0, -1)}`, 'key_unknown'],
  ['a key and one letter', () => `Bearer ${tenant.secret}x`, 'key_unknown'],
  ['a key in capitals', () => `Bearer ${tenant.secret.toUpperCase()}`, 'key_unknown'],
  ['a key of another kind', () => `Bearer pk_${tenant.secret.slice(3)}`, 'key_unknown'],
  ['the key\'s id', () => `Bearer ${tenant.keyId}`, 'key_unknown'],
  ['the tenant\'s id', () => `Bearer sk_${tenant.tenantId}`, 'key_unknown'],
  ['SQL', () => 'Bearer sk_\'or\'1\'=\'1', 'key_unknown'],
  ['10,000 characters', () => `Bearer sk_${'x'.repeat(10_000)}`, 'key_unknown'],
  ['Latin-1', () => 'Bearer sk_\u00e9\u00e9\u00e9', 'key_unknown'],
  ['a revoked key', () => `Bearer ${revoked}`, 'key_revoked'],
  ['an expired key', () => `Bearer ${expired}`, 'key_expired'],
])('%s lets nobody in, and nothing of the request is stored', async (_what, header, code) => {
  const before = await storedIn(api.database.superuser);
  const authorization = header();
  const reply = await api.send(null, 'POST', '/v1/suppressions', { email: 'ana@x.example' }, authorization === null ? {} : { headers: { authorization } });
  expect({ status: reply.status, code: reply.body['code'], type: reply.headers.get('content-type') }).toEqual({ status: 401, code, type: 'application/problem+json' });
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="flywheel"/);
  expect(reply.text).not.toMatch(/sk_[^…]/);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
  expect(JSON.stringify(api.logged)).not.toContain(tenant.secret.slice(3));
});

test('the key itself does', async () => {
  expect((await api.send(tenant, 'POST', '/v1/suppressions', { email: 'ana@x.example' })).status).toBe(201);
});
