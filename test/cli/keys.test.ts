import { z } from 'zod';
import { makeId } from '../../src/domain/ids.ts';
import { NOON, openTestApi, type TestApi, type TestTenant } from '../support/api.ts';
import { errorIn, runCli, runJson } from '../support/cli.ts';

const HOUR_MS = 3_600_000;
let api: TestApi;
let tenant: TestTenant;
let env: { DATABASE_URL: string };
beforeAll(async () => {
  api = await openTestApi();
  env = { DATABASE_URL: api.database.ownerUrl };
  tenant = await api.makeTenant();
});
afterAll(() => api.close());
/** The command line goes by the database's clock, and so does the API here. */
beforeEach(() => { api.clock.set(Date.now()); });

const madeKey = z.object({ keyId: z.string(), tenantId: z.string(), secret: z.string(), expiresAt: z.string().nullable() });
const rotated = z.object({ keyId: z.string(), secret: z.string(), oldKeyId: z.string(), oldExpiresAt: z.string(), name: z.string() });
const listed = z.object({ keys: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })) });

const makeKey = (name: string, ...more: string[]) => runJson(env, ['key', 'make', '--tenant', tenant.tenantId, '--name', name, ...more], madeKey);
const opens = async (secret: string): Promise<boolean> => (await api.send(secret, 'GET', '/v1/tenant')).status === 200;
const stateOf = async (keyId: string) => (await runJson(env, ['key', 'list', '--tenant', tenant.tenantId], listed)).keys.find(({ id }) => id === keyId)?.state;
const kindsAbout = async (keyId: string) =>
  (await runJson(env, ['audit', '--subject', keyId], z.object({ decisions: z.array(z.object({ kind: z.string() })) }))).decisions.map(({ kind }) => kind);

test('a key that was made opens the API, and its secret stands nowhere', async () => {
  const { keyId, secret } = await makeKey('production');
  expect(await opens(secret)).toBe(true);
  expect(await stateOf(keyId)).toBe('live');
  const rows = await api.database.superuser<{ text: string }[]>`select k::text as text from api_keys k where id = ${keyId} union all select d::text from decisions d where subject_id = ${keyId}`;
  expect(rows).toHaveLength(2);
  for (const { text } of rows) expect(text).not.toContain(secret.slice(3));
  expect((await runCli(env, ['key', 'list'])).out).not.toContain(secret);
});

test('the secret goes to standard output, once, and nowhere else', async () => {
  const { out, err } = await runCli(env, ['key', 'make', '--tenant', tenant.tenantId, '--name', 'shown']);
  expect(out.match(/sk_[\w-]{43}/g)).toHaveLength(1);
  expect(err).toBe('');
});

test('a key made to end by itself ends then', async () => {
  const { keyId, secret } = await makeKey('trial', '--expires-in', '1h');
  expect([await opens(secret), await stateOf(keyId)]).toEqual([true, 'ending']);
  api.clock.advance(HOUR_MS + 60_000);
  expect(await opens(secret)).toBe(false);
});

test('in the overlap of a rotation old and new key both work, then only the new one', async () => {
  const old = await makeKey('rotating');
  const next = await runJson(env, ['key', 'rotate', old.keyId, '--overlap', '24h'], rotated);
  expect(next).toMatchObject({ oldKeyId: old.keyId, name: 'rotating' });
  expect([await opens(old.secret), await opens(next.secret)]).toEqual([true, true]);
  api.clock.advance(23 * HOUR_MS);
  expect([await opens(old.secret), await opens(next.secret)]).toEqual([true, true]);
  api.clock.set(Date.parse(next.oldExpiresAt) + 1);
  expect([await opens(old.secret), await opens(next.secret)]).toEqual([false, true]);
  expect(await kindsAbout(old.keyId)).toEqual(['key_rotated', 'key_made']);
});

test('a rotation never makes a key live longer than it would have', async () => {
  const old = await makeKey('short', '--expires-in', '1h');
  const next = await runJson(env, ['key', 'rotate', old.keyId, '--overlap', '7d'], rotated);
  expect(next.oldExpiresAt).toBe(old.expiresAt);
});

test('an overlap of nothing ends the old key now', async () => {
  const old = await makeKey('leaked');
  const next = await runJson(env, ['key', 'rotate', old.keyId, '--overlap', '0s'], rotated);
  api.clock.set(Date.now() + 1_000);
  expect([await opens(old.secret), await opens(next.secret)]).toEqual([false, true]);
});

test('a revoked key opens nothing, is revoked once, and has no successor', async () => {
  const { keyId, secret } = await makeKey('gone');
  expect((await runCli(env, ['key', 'revoke', keyId])).out).toBe(`${keyId} is revoked.\n`);
  expect((await runCli(env, ['key', 'revoke', keyId])).out).toBe(`${keyId} was revoked already.\n`);
  expect([await opens(secret), await stateOf(keyId)]).toEqual([false, 'revoked']);
  expect(await kindsAbout(keyId)).toEqual(['key_revoked', 'key_made']);
  const before = (await runJson(env, ['key', 'list'], listed)).keys.length;
  expect(await runCli(env, ['key', 'rotate', keyId])).toMatchObject({ code: 1, err: expect.stringContaining('is revoked already') });
  expect((await runJson(env, ['key', 'list'], listed)).keys).toHaveLength(before);
});

test('keys and tenants that are not there are said to be', async () => {
  const nobody = makeId('tnt', NOON, new Uint8Array(10));
  const nothing = makeId('key', NOON, new Uint8Array(10));
  expect(errorIn(await runCli(env, ['key', 'make', '--tenant', nobody, '--name', 'x', '--json'])).message).toBe(`There is no tenant ${nobody}.`);
  expect(errorIn(await runCli(env, ['key', 'rotate', nothing, '--json'])).message).toBe(`There is no key ${nothing}.`);
  expect(errorIn(await runCli(env, ['key', 'revoke', nothing, '--json'])).message).toBe(`There is no key ${nothing}.`);
});
