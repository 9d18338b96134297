import { openDatabase } from '../../db/client.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';
import { openEmptyTestDatabase } from '../support/database.ts';

const nowhere = openDatabase({ url: 'postgres://nobody:secret-password@127.0.0.1:1/nothing' });
let up: TestApi;
let cut: TestApi;

beforeAll(async () => {
  [up, cut] = await Promise.all([openTestApi({ requestTimeoutMs: 1000 }), openTestApi({ db: nowhere })]);
});
afterAll(async () => {
  await Promise.all([up.close(), cut.close(), nowhere.close()]);
});

test('without a database a request is told when to come again, and nothing of why', async () => {
  const { status, headers, body, text } = await cut.send(`sk_${'x'.repeat(43)}`, 'GET', '/v1/tenant');
  expect({ status, code: body['code'], retryAfter: headers.get('retry-after') }).toEqual({ status: 503, code: 'unavailable', retryAfter: '5' });
  expect(text).not.toMatch(/ECONN|127\.0\.0\.1|nothing|secret/);
  expect(JSON.stringify(cut.logged)).not.toContain('secret-password');
});

test('without a database the process is up but not ready', async () => {
  expect((await cut.send(null, 'GET', '/healthz')).status).toBe(200);
  expect(await cut.send(null, 'GET', '/readyz')).toMatchObject({ status: 503, body: { status: 'not_ready', reason: 'database_unreachable' } });
});

test('with a migrated database it is ready', async () => {
  expect(await up.send(null, 'GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

test('with a database that lacks a migration it is not ready', async () => {
  const bare = await openEmptyTestDatabase();
  const api = await openTestApi({ db: bare.relay });
  expect(await api.send(null, 'GET', '/readyz')).toMatchObject({ status: 503, body: { reason: 'schema_not_migrated' } });
  await api.close();
  await bare.drop();
  await up.database.superuser`delete from schema_migrations where name like '0002%'`;
  expect(await up.send(null, 'GET', '/readyz')).toMatchObject({ status: 503, body: { reason: 'schema_not_migrated' } });
});

test('a request that takes too long is answered 503, and its transaction ends by itself', async () => {
  const tenant = await up.makeTenant();
  const { superuser } = up.database;
  const blocker = await superuser.reserve();
  await blocker`begin`;
  await blocker`select 1 from tenants where id = ${tenant.tenantId} for update`;
  const slow = await up.send(tenant, 'PATCH', '/v1/tenant', { zone: 'UTC' });
  expect(slow).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  await blocker`rollback`;
  blocker.release();
  expect((await up.send(tenant, 'PATCH', '/v1/tenant', { zone: 'UTC' })).status).toBe(200);
});
