import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';
import { ORIGIN } from '../support/browser-calls.ts';

let api: TestApi;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());

/* What browsers ask before a page of another origin may send. It carries no key, so the answer says nothing of anybody. */
const preflight = async (path: string, headers: Record<string, string>) => {
  const response = await fetch(`${api.url}${path}`, { method: 'OPTIONS', headers });
  return { status: response.status, origin: response.headers.get('access-control-allow-origin'), methods: response.headers.get('access-control-allow-methods'), allows: response.headers.get('access-control-allow-headers') ?? '', vary: response.headers.get('vary'), text: await response.text() };
};

test.each([ORIGIN, 'https://whoever.example:8443', 'http://localhost:5173'])('an origin that could stand on a key may go on: %s', async (origin) => {
  const asked = await preflight('/v1/feed', { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization,x-flywheel-key' });
  expect(asked).toMatchObject({ status: 204, origin, methods: 'GET', vary: expect.stringContaining('Origin'), text: '' });
  for (const name of ['Authorization', 'X-Flywheel-Key', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID']) expect(asked.allows).toContain(name);
  expect((await preflight('/v1/feed/marks', { origin })).methods).toBe('PUT');
});

test.each(['null', 'http://app.kite.example', 'https://*', 'javascript:alert(1)', 'https://app.kite.example/path', 'https://a.example, https://b.example'])('what could not stand on one may not: %s', async (origin) => {
  expect(await preflight('/v1/feed', { origin })).toMatchObject({ status: 204, origin: null, methods: null });
});

test('routes for servers answer no page', async () => {
  expect(await preflight('/v1/members', { origin: ORIGIN })).toMatchObject({ status: 405, origin: null });
  expect(await preflight('/v1/members/ana/tokens', { origin: ORIGIN })).toMatchObject({ status: 405, origin: null });
});
