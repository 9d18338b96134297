import { gzipSync } from 'node:zlib';
import { newId } from '../../src/config/new-id.ts';
import { inviteId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { everyRoute, pathOf } from '../support/every-route.ts';
import { findNamedTwice } from '../../src/api/find-named-twice.ts';
import { changedSince, storedIn } from './support/stored.ts';
import type { Stored } from './support/stored.ts';

/* Every route that takes a JSON body (files: uploads.test.ts), given one that cannot be read: refused before the route's own code sees anything of it. */
let api: TestApi;
let tenant: TestTenant;
let before: Stored;
const bodyRoutes = everyRoute.filter(([, route]) => route.method !== 'get' && route.method !== 'delete' && route.upload === undefined);

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  IDS['links'] = inviteCode(api.services.keyring, nobodys);
  before = await storedIn(api.database.superuser);
});
afterAll(() => api.close());

const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
/** An id that could be, so that the body is what is wrong. */
const nobodys = { batchId: newId('bat', NOON), n: 0 };
const IDS: Record<string, string> = { programs: newId('prg', NOON), imports: newId('imp', NOON), payouts: newId('pyt', NOON), rewards: newId('rew', NOON), referrals: newId('ref', NOON), runs: newId('ref', NOON), prompts: newId('prm', NOON), 'webhook-endpoints': newId('whe', NOON), 'webhook-deliveries': newId('whd', NOON), 'payout-batches': newId('pbt', NOON), 'invite-batches': nobodys.batchId, invites: inviteId(nobodys) };
const idFor = (path: string): string => IDS[/^\/v1\/([\w-]+)\//.exec(path)?.[1] ?? ''] ?? 'user-1';
const MARK = 'mark<b>"&';

const BOMB = gzipSync(Buffer.alloc(50_000_000, ' '));

const UNREADABLE: readonly [string, string | Uint8Array, Record<string, string>, number, string][] = [
  ['cut off', `{"${MARK}`, {}, 400, 'malformed_json'],
  ['a comment', '{} // no', {}, 400, 'malformed_json'],
  ['a trailing comma', '{"a":1,}', {}, 400, 'malformed_json'],
  ['two documents', '{}{}', {}, 400, 'malformed_json'],
  ['Latin-1', Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d), {}, 400, 'malformed_json'],
  ['overlong UTF-8', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), {}, 400, 'malformed_json'],
  ['a member twice', '{"email":"a@x.example","email":"b@x.example"}', {}, 400, 'invalid_request'],
  ['a member twice, once in disguise', '{"email":1,"\\u0065mail":2}', {}, 400, 'invalid_request'],
  ['10,000 levels', nested(10_000), {}, 400, 'invalid_request'],
  ['NUL', '{"a":"\\u0000"}', {}, 400, 'invalid_request'],
  ['half a surrogate pair', '{"a":"\\ud800"}', {}, 400, 'invalid_request'],
  ['half a pair as a name', '{"\\udfff":1}', {}, 400, 'invalid_request'],
  ['__proto__', '{"__proto__":{"isAdmin":true}}', {}, 400, 'invalid_request'],
  ['constructor', '{"constructor":{"prototype":{"isAdmin":true}}}', {}, 400, 'invalid_request'],
  ['a list', '[]', {}, 400, 'invalid_request'],
  ['1 MB and a byte', `"${'x'.repeat(1_048_575)}"`, {}, 413, 'body_too_large'],
  ['text/plain', '{}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
  ['UTF-16', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415, 'unsupported_media_type'],
  ['UTF-7', '{}', { 'content-type': 'application/json; charset=utf-7' }, 415, 'unsupported_media_type'],
  ['XML', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', { 'content-type': 'application/xml' }, 415, 'unsupported_media_type'],
  ['an unknown encoding', '{}', { 'content-encoding': 'snappy' }, 415, 'unsupported_media_type'],
  ['50 MB in 50 KB of gzip', BOMB, { 'content-encoding': 'gzip' }, 413, 'body_too_large'],
  ['broken gzip', '{}', { 'content-encoding': 'gzip' }, 400, 'malformed_json'],
];

test.each(bodyRoutes)('%s refuses every body that cannot be read, in one form, and stores nothing', async (_name, route) => {
  const answers = [];
  for (const [what, raw, headers] of UNREADABLE) {
    const reply = await api.send(tenant, route.method.toUpperCase(), pathOf(route, { id: idFor(route.path), code: idFor(route.path), channel: 'email', version: '1' }), undefined, { raw, headers });
    answers.push([what, reply.status, reply.body['code']]);
    expect({ what, type: reply.headers.get('content-type'), cache: reply.headers.get('cache-control') }).toEqual({ what, type: 'application/problem+json', cache: 'no-store' });
    expect(reply.text).not.toMatch(/mark<|isAdmin|\bat .*\.ts|node:|SyntaxError|position \d/);
  }
  expect(answers).toEqual(UNREADABLE.map(([what, , , status, code]) => [what, status, code]));
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

test.each([
  ['{"a":1,"b":2}', null],
  ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', null],
  ['{"a":"\\"a\\":1","b":"a"}', null],
  ['{"a\\\\":1,"a":"\\\\"}', null],
  ['["a","a",["a","a"]]', null],
  ['"a"', null],
  ['{"a":1,"a":1}', '/a'],
  ['{ "a" : 1 ,\n\t"a"\r: 2 }', '/a'],
  ['{"a":1,"\\u0061":2}', '/a'],
  ['{"x":[0,{"y":{"a/b~":1,"c":2,"a/b~":3}}]}', '/x/1/y/a~1b~0'],
  ['[[],{"":1,"":2}]', '/1/'],
  ['{"a\\"":1,"a\\"":2}', '/a"'],
])('a member that stands twice in one object is found: %s', (json, path) => {
  expect(JSON.parse(json)).toBeDefined();
  expect(findNamedTwice(json)?.path ?? null).toBe(path);
});

test('a megabyte of quotes and backslashes is read in one go', () => {
  const text = JSON.stringify({ a: '\\"'.repeat(250_000), b: 1 });
  const startedAt = performance.now();
  expect(findNamedTwice(text)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a name of the object\'s own prototype spoils nothing', async () => {
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  const { body } = await api.send(tenant, 'PUT', '/v1/members/plain', { attributes: { constructor: 'x', toString: 'y', hasOwnProperty: 'z', valueOf: 1 } });
  expect(body['attributes']).toEqual({ constructor: 'x', toString: 'y', hasOwnProperty: 'z', valueOf: 1 });
});
