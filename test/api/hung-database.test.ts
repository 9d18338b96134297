import { classifyFailure } from '../../src/api/failure.ts';
import { openTestApi, type Reply, type TestApi, type TestTenant } from '../support/api.ts';
import { fromPage, openPage, ORIGIN } from '../support/browser-calls.ts';

/** What becomes of requests while the database does not answer, and after. */
const TIMEOUT_MS = 1000;
let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => { api = await openTestApi({ requestTimeoutMs: TIMEOUT_MS }); });
beforeEach(async () => { tenant = await api.makeTenant(); });
afterAll(() => api.close());

/** Holds what `statement` locks while `work` runs: to the API, a database that stands still. */
async function locked(statement: string, work: () => Promise<void>): Promise<void> {
  const blocker = await api.database.superuser.reserve();
  try {
    await blocker`begin`;
    await blocker.unsafe(statement);
    await work();
  } finally {
    await blocker`rollback`;
    blocker.release();
  }
}

/** As a caller does: again while it is told to come again. */
async function untilDone(call: () => Promise<Reply>): Promise<Reply> {
  let reply = await call();
  while (reply.status === 503 || reply.status === 409) reply = await call();
  return reply;
}

async function zoneOf(): Promise<string> {
  return String((await untilDone(() => api.send(tenant, 'GET', '/v1/tenant'))).body['zone']);
}

test('what was answered 503 has no effect afterwards: it would undo what its caller has asked for since', async () => {
  const change = (zone: string): Promise<Reply> => api.send(tenant, 'PATCH', '/v1/tenant', { zone });
  await locked(`select 1 from tenants where id = '${tenant.tenantId}' for update`, async () => { expect((await change('Asia/Tokyo')).status).toBe(503); });
  expect((await untilDone(() => change('Africa/Cairo'))).status).toBe(200);
  const open = async (): Promise<number> => (await api.database.superuser`
    select 1 from pg_stat_activity where datname = current_database() and application_name = 'test app' and xact_start is not null`).length;
  while ((await open()) > 0);
  expect(await zoneOf()).toBe('Africa/Cairo');
});

test('the repeat of a keyed request that was given up does it once, and a repeat of that replays it', async () => {
  const create = (): Promise<Reply> => api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Once' }, { idempotencyKey: 'once' });
  await locked('lock table programs in access exclusive mode', async () => { expect((await create()).status).toBe(503); });
  const done = await untilDone(create);
  expect([done.status, done.headers.get('idempotent-replayed')]).toEqual([201, null]);
  const again = await untilDone(create);
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([done.text, 'true']);
  expect(await api.database.superuser`select 1 from programs where tenant_id = ${tenant.tenantId}`).toHaveLength(1);
});

test('a page can read that it must come again, and asks before it sends without the database', async () => {
  const page = await openPage(api, tenant, 'ana');
  await locked('lock table api_keys in access exclusive mode', async () => {
    const { status, headers } = await fromPage(api, page, 'GET', '/v1/feed');
    expect([status, headers.get('access-control-allow-origin'), headers.get('retry-after'), headers.get('access-control-expose-headers')?.includes('Retry-After')]).toEqual([503, ORIGIN, '5', true]);
    const asks = await api.send(null, 'OPTIONS', '/v1/feed', undefined, { headers: { origin: ORIGIN, 'access-control-request-method': 'GET' } });
    expect([asks.status, asks.headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
  });
});

test('while the database stands still no more than 500 requests wait for it; the next is told at once to come again', async () => {
  await locked('lock table api_keys in access exclusive mode', async () => {
    const many = Promise.all(Array.from({ length: 500 }, () => api.send(tenant, 'GET', '/v1/tenant')));
    const statuses = (await many).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    const askedAt = performance.now();
    const next = await api.send(tenant, 'GET', '/v1/tenant');
    expect([next.status, next.headers.get('retry-after'), next.headers.get('content-type')]).toEqual([503, '5', 'application/problem+json']);
    expect(performance.now() - askedAt).toBeLessThan(TIMEOUT_MS / 2);
  });
  expect((await untilDone(() => api.send(tenant, 'GET', '/v1/tenant'))).status).toBe(200);
}, 60_000);

test.each([
  ['57014', 'a statement that took too long'],
  ['55P03', 'a lock that was waited for too long'],
  ['25P03', 'a transaction that stood still with its server'],
  ['53300', 'no connection left'],
  ['ETIMEDOUT', 'a server that was silent'],
  ['CONNECT_TIMEOUT', 'a server that takes no connection'],
])('%s, %s: come again, not a failure of ours', (code) => {
  expect(classifyFailure(Object.assign(new Error('no'), { code }))).toBe('unavailable');
  expect(classifyFailure(new Error('wrapped', { cause: Object.assign(new Error('no'), { code }) }))).toBe('unavailable');
});
