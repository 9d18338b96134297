import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import type { Listening } from '../../src/api/listen.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { sendRaw } from './support/raw-http.ts';
import { changedSince, storedIn } from './support/stored.ts';
import type { Stored } from './support/stored.ts';

/*
 * Below what any HTTP library would send: bytes on a bare connection. Each gets one answer that says what was wrong, or
 * none, and its connection is closed: what follows on it is nobody's second request. Nothing is stored.
 */
let api: TestApi;
let tenant: TestTenant;
/** The same app behind a server that waits a moment where the real one waits for seconds: 1.5 s for a body. */
let impatient: Listening;
let before: Stored;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  impatient = await listen(createApi({ ...api.services, requestTimeoutMs: 3_000 }), { port: 0, host: '127.0.0.1', headersTimeout: 250, requestTimeout: 5_000, connectionsCheckingInterval: 50 });
});
beforeEach(async () => { before = await storedIn(api.database.superuser); });
afterEach(async () => { expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]); });
afterAll(async () => {
  await impatient.close(0);
  await api.close();
});

const BODY = '{"email":"ana@x.example"}';
const HOST = 'Host: flywheel.example';
/** A keyed request that would store something, were it well-formed; `more` is what makes it hostile. */
const head = (more: readonly string[], line = 'POST /v1/suppressions HTTP/1.1'): string =>
  [line, HOST, `Authorization: Bearer ${tenant.secret}`, 'Idempotency-Key: k1', 'Content-Type: application/json', ...more, '', ''].join('\r\n');
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const SMUGGLED = `POST /v1/suppressions HTTP/1.1\r\n${HOST}\r\n\r\n`;

test.each<[string, () => string[], number, string]>([
  ['Content-Length beside chunked', () => [head(['Content-Length: 4', 'Transfer-Encoding: chunked']), chunked(BODY), SMUGGLED], 400, 'malformed_http'],
  ['chunked beside Content-Length', () => [head(['Transfer-Encoding: chunked', 'Content-Length: 4']), chunked(BODY), SMUGGLED], 400, 'malformed_http'],
  ['two lengths that differ', () => [head(['Content-Length: 25', 'Content-Length: 3']), BODY, SMUGGLED], 400, 'malformed_http'],
  ['two lengths alike', () => [head(['Content-Length: 25', 'Content-Length: 25']), BODY], 400, 'malformed_http'],
  ['two lengths in one header', () => [head(['Content-Length: 25, 25']), BODY], 400, 'malformed_http'],
  ['a length with a sign', () => [head(['Content-Length: +25']), BODY], 400, 'malformed_http'],
  ['a length that is hexadecimal', () => [head(['Content-Length: 0x19']), BODY], 400, 'malformed_http'],
  ['chunked twice', () => [head(['Transfer-Encoding: chunked, chunked']), chunked(BODY)], 400, 'malformed_http'],
  ['chunked that is not the last coding', () => [head(['Transfer-Encoding: chunked, identity']), chunked(BODY)], 400, 'malformed_http'],
  ['a header over two lines', () => [head(['X-Fold: a', ' b', 'Content-Length: 25']), BODY], 400, 'malformed_http'],
  ['a length over two lines', () => [head(['Content-Length:', ' 25']), BODY], 400, 'malformed_http'],
  ['a space before the colon', () => [head(['Content-Length : 25']), BODY], 400, 'malformed_http'],
  ['a line end without return', () => [head(['Content-Length: 25']).replaceAll('\r\n', '\n'), BODY], 400, 'malformed_http'],
  ['a header without a name', () => [head([': 25']), BODY], 400, 'malformed_http'],
  ['NUL in a header', () => [head(['X-Nul: a\0b'])], 400, 'malformed_http'],
  ['NUL in the address', () => [head([], 'GET /v1/members/a\0b HTTP/1.1')], 400, 'malformed_http'],
  ['a space in the address', () => [head([], 'GET /v1/members/a b HTTP/1.1')], 400, 'malformed_http'],
  ['no host', () => [`GET /v1/tenant HTTP/1.1\r\nAuthorization: Bearer ${tenant.secret}\r\nConnection: close\r\n\r\n`], 400, 'malformed_http'],
  ['two hosts', () => [head(['Host: other.example', 'Connection: close'], 'GET /v1/tenant HTTP/1.1')], 400, 'malformed_http'],
  ['two keys', () => [head(['Authorization: Bearer sk_other', 'Connection: close'], 'GET /v1/tenant HTTP/1.1')], 400, 'malformed_http'],
  ['two Idempotency-Keys', () => [head(['Idempotency-Key: k2', 'Content-Length: 25', 'Connection: close']), BODY], 400, 'malformed_http'],
  ['two content types', () => [head(['Content-Type: text/plain', 'Content-Length: 25', 'Connection: close']), BODY], 400, 'malformed_http'],
  ['a method nobody knows', () => [head([], 'STORE /v1/tenant HTTP/1.1')], 400, 'malformed_http'],
  ['HTTP/9.9', () => [head([], 'GET /v1/tenant HTTP/9.9')], 400, 'malformed_http'],
  ['no HTTP at all', () => ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], 400, 'malformed_http'],
  ['headers of 20 KB', () => [head([`X-Long: ${'x'.repeat(20_000)}`])], 431, 'headers_too_large'],
  ['4,000 headers', () => [head(Array.from({ length: 4_000 }, (_, i) => `X-H${String(i)}: 1`))], 431, 'headers_too_large'],
  ['an address of 20 KB', () => [head([], `GET /v1/members/${'x'.repeat(20_000)} HTTP/1.1`)], 431, 'headers_too_large'],
  ['more body than its length says', () => [head(['Content-Length: 4', 'Connection: close']), BODY], 400, 'malformed_json'],
])('%s', async (_what, pieces, status, code) => {
  const reply = await sendRaw(api.url, pieces());
  expect({ status: reply.status, code: reply.code, answers: reply.answers }).toEqual({ status, code, answers: 1 });
  expect(reply.head).toMatch(/^Content-Type: application\/problem\+json\r?$/im);
  expect(reply.head).toMatch(/^Connection: close\r?$/im);
  expect(reply.head).toMatch(/^X-Request-Id: req_/im);
  expect(reply.body).not.toMatch(/HPE_|Error:|\bat .*:\d+|node:/);
});

test.each<[string, () => string]>([
  ['a chunk without a length', () => `${head(['Transfer-Encoding: chunked'])}zz\r\n${BODY}\r\n0\r\n\r\n`],
  ['a chunk longer than it says', () => `${head(['Transfer-Encoding: chunked'])}5\r\n${BODY}\r\n0\r\n\r\n`],
])('%s is refused and closes', async (_what, bytes) => {
  const reply = await sendRaw(api.url, [bytes()]);
  expect({ status: reply.status, code: reply.code, answers: reply.answers }).toEqual({ status: 400, code: 'malformed_http', answers: 1 });
});

test('a body cut short is nobody\'s request', async () => {
  const { body } = await api.send(tenant, 'GET', '/v1/suppressions');
  expect(body['data']).toEqual([]);
  const socketEnds = await sendRaw(impatient.url, [head(['Content-Length: 25']), BODY.slice(0, 10)], { limitMs: 100 });
  expect(socketEnds.answers).toBe(0);
});

test.each<[string, () => string[]]>([
  ['a body that stops half-way', () => [head(['Content-Length: 25']), BODY.slice(0, 10)]],
  ['a body of a byte now and then', () => [head(['Content-Length: 25']), '{', '"', 'e', 'm']],
  ['chunks that never end', () => [head(['Transfer-Encoding: chunked']), '5\r\n{"ema\r\n']],
  ['headers that never end', () => ['POST /v1/suppressions HTTP/1.1\r\n', HOST]],
  ['a header now and then', () => [`POST /v1/suppressions HTTP/1.1\r\n${HOST}\r\n`, 'X-A: 1\r\n', 'X-B: 1\r\n', 'X-C: 1\r\n']],
])('a slow client (%s) is told 408 and let go', async (_what, pieces) => {
  const reply = await sendRaw(impatient.url, pieces());
  expect({ status: reply.status, code: reply.code, answers: reply.answers }).toEqual({ status: 408, code: 'request_too_slow', answers: 1 });
  expect(reply.head).toMatch(/^Content-Type: application\/problem\+json\r?$/im);
  expect(reply.head).toMatch(/^Connection: close\r?$/im);
});

test('a slow body that comes to its end is told 408 too, before it takes the time in which the database would answer', async () => {
  const server = await listen(createApi({ ...api.services, requestTimeoutMs: 2_000 }), { port: 0, host: '127.0.0.1' });
  try {
    // After 1.9 of its two seconds, of which the body has one.
    const late = await sendRaw(server.url, [head(['Content-Length: 25']), BODY.slice(0, 10), BODY.slice(10)], { gapMs: 950 });
    expect({ status: late.status, code: late.code, answers: late.answers }).toEqual({ status: 408, code: 'request_too_slow', answers: 1 });
  } finally {
    await server.close(0);
  }
});

test('more than a megabyte in chunks, without a length, is refused before its end', async () => {
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  const reply = await sendRaw(api.url, [head(['Transfer-Encoding: chunked']), ...Array.from({ length: 20 }, () => chunk)]);
  expect({ status: reply.status, code: reply.code, answers: reply.answers }).toEqual({ status: 413, code: 'body_too_large', answers: 1 });
});

test('50 slow clients keep nobody else waiting', async () => {
  const slow = Array.from({ length: 50 }, () => sendRaw(impatient.url, [head(['Content-Length: 25']), BODY.slice(0, 3)]));
  const quick = await fetch(`${impatient.url}/v1/tenant`, { headers: { authorization: `Bearer ${tenant.secret}` } });
  expect(quick.status).toBe(200);
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(slow.map(() => 408));
});
