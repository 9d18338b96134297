import { gzipSync } from 'node:zlib';
import { openTestApi } from '../support/api.ts';
import type { Send, TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const PREVIEW = '/v1/send-times/preview';
const good = { now: '2026-06-10T12:00:00Z', zone: 'UTC', rules: {} };
const post = (how: Send) => api.send(tenant, 'POST', PREVIEW, undefined, how);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test.each([
  ['no JSON', '{', 'malformed_json'],
  ['two documents', '{}{}', 'malformed_json'],
  ['JSON with a comment', '{} // no', 'malformed_json'],
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'malformed_json'],
  ['a list', '[]', 'invalid_request'],
  ['null', 'null', 'invalid_request'],
  ['a number', '1', 'invalid_request'],
  ['nothing at all', '', 'invalid_request'],
  ['NUL in a text', JSON.stringify({ ...good, zone: 'a\0b' }), 'invalid_request'],
  ['NUL in a field\'s name', JSON.stringify({ ...good, ['a\0b']: 1 }), 'invalid_request'],
  ['half a surrogate pair', '{"now":"2026-06-10T12:00:00Z","zone":"\\ud800","rules":{}}', 'invalid_request'],
  ['a field named __proto__', '{"now":"2026-06-10T12:00:00Z","zone":"UTC","rules":{"__proto__":{}}}', 'invalid_request'],
  ['17 levels', nested(17), 'invalid_request'],
  ['100,000 levels', nested(100_000), 'invalid_request'],
  ['100,000 lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'invalid_request'],
])('a body that is %s is 400', async (_what, raw, code) => {
  expect(await post({ raw })).toMatchObject({ status: 400, body: { code } });
});

test('a byte order mark does no harm', async () => {
  expect((await post({ raw: `\uFEFF${JSON.stringify(good)}` })).status).toBe(200);
});

test('a body of 1 MB is read, one byte more is 413', async () => {
  const body = JSON.stringify(good);
  expect((await post({ raw: body + ' '.repeat(1_048_576 - body.length) })).status).toBe(200);
  expect(await post({ raw: body + ' '.repeat(1_048_577 - body.length) })).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
});

test('a small body that unpacks to more than 1 MB is 413', async () => {
  const raw = gzipSync(JSON.stringify(good) + ' '.repeat(2_000_000));
  expect((await post({ raw, headers: { 'content-encoding': 'gzip' } })).status).toBe(413);
});

test.each([
  ['text/plain'], ['application/x-www-form-urlencoded'], ['application/json; charset=utf-16'], ['multipart/form-data; boundary=x'], ['application/jsonp'],
])('a body sent as %s is 415', async (type) => {
  expect(await post({ raw: JSON.stringify(good), headers: { 'content-type': type } })).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
});

test('an encoding nobody knows is 415', async () => {
  expect((await post({ raw: JSON.stringify(good), headers: { 'content-encoding': 'snappy' } })).status).toBe(415);
});

test('JSON with a charset parameter is JSON', async () => {
  expect((await post({ raw: JSON.stringify(good), headers: { 'content-type': 'Application/JSON; Charset="UTF-8"' } })).status).toBe(200);
});

test.each([
  ['/v2/tenant'], ['/v1'], ['/v1/'], ['/v1/tenant/'], ['/V1/tenant'], ['/v1/tenant/settings'], ['/v1/programs/a/b/c'], ['/'],
])('%s is no route', async (path) => {
  expect(await api.send(tenant, 'GET', path)).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
});

test.each([
  ['POST', '/v1/tenant', 'GET, HEAD, PATCH'], ['DELETE', '/v1/members/x', 'PUT, GET, HEAD'], ['GET', PREVIEW, 'POST'], ['PUT', '/v1/programs', 'POST, GET, HEAD'], ['OPTIONS', '/v1/tenant', 'GET, HEAD, PATCH'],
])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
  const reply = await api.send(tenant, method, path);
  expect({ status: reply.status, code: reply.body['code'], allow: reply.headers.get('allow') }).toEqual({ status: 405, code: 'method_not_allowed', allow });
});

test('HEAD answers as GET does, without a body', async () => {
  const reply = await api.send(tenant, 'HEAD', '/v1/tenant');
  expect({ status: reply.status, text: reply.text }).toEqual({ status: 200, text: '' });
});

test.each([['/v1/programs/%E0%A4%A'], ['/v1/members/%00'], ['/v1/members?externalId=%00'], ['/v1/members/%ff']])('an address that cannot be read is 400: %s', async (path) => {
  expect(await api.send(tenant, 'GET', path)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
});

test('a route without a body takes none, or an empty object, and nothing else', async () => {
  const pause = (raw?: string) => api.send(tenant, 'POST', '/v1/tenant/resume', undefined, raw === undefined ? {} : { raw });
  expect((await pause()).status).toBe(200);
  expect((await pause('{}')).status).toBe(200);
  expect(await pause('{"reason":"x"}')).toMatchObject({ status: 400, body: { errors: [{ path: '/reason' }] } });
});

test('every problem has the same shape', async () => {
  const { body, headers } = await api.send(tenant, 'GET', '/v1/programs/prg_01kx7m3p9q2r4s5t6v7w8x9y0z');
  expect(body).toEqual({
    type: '/docs/problems#not_found', title: expect.any(String), status: 404, code: 'not_found', detail: expect.any(String), requestId: headers.get('x-request-id'),
  });
});

test('at most 100 places are named', async () => {
  const { body } = await api.send(tenant, 'POST', '/v1/members/batch', { members: Array.from({ length: 500 }, () => ({ externalId: 1 })) });
  expect(body['errors']).toHaveLength(100);
});

test('security headers stand on every answer, and nothing tells what serves it', async () => {
  for (const path of ['/v1/tenant', '/nowhere', '/healthz', '/docs', '/openapi.json']) {
    const { headers } = await api.send(tenant, 'GET', path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^req_/);
  }
});

test('answers of the API are kept by no cache', async () => {
  for (const path of ['/v1/tenant', '/v1/nowhere']) expect((await api.send(tenant, 'GET', path)).headers.get('cache-control')).toBe('no-store');
});

test('the log has one line a request: the pattern, not the address; ids, no content', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana%40personal.example', { contact: { email: 'ana@personal.example' }, name: 'Ana Personal' });
  const { body } = await api.send(tenant, 'GET', '/v1/members?externalId=ana%40personal.example');
  expect(body['data']).toHaveLength(1);
  const lines = api.logged.filter(({ route }) => route === '/v1/members/{id}' || route === '/v1/members');
  expect(lines.at(-1)).toMatchObject({ msg: 'request', method: 'GET', route: '/v1/members', status: 200, tenantId: tenant.tenantId, keyId: tenant.keyId, durationMs: expect.any(Number), requestId: expect.stringMatching(/^req_/) });
  expect(JSON.stringify(api.logged)).not.toMatch(/personal/i);
});
