import { listIn, NOON, openTestApi, readPages } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { keepRows, makeKeeper, ranADayBefore, runRetention } from '../support/retained.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const kept = async (): Promise<unknown> => (await api.send(tenant, 'GET', '/v1/tenant')).body['retentionMonths'];
const change = (retentionMonths: unknown) => api.send(tenant, 'PATCH', '/v1/tenant', { retentionMonths });

test('a tenant keeps things for three years, until it says otherwise; who said so is on record', async () => {
  expect(await kept()).toBe(36);
  expect((await change(12)).body['retentionMonths']).toBe(12);
  expect(await kept()).toBe(12);
  await change(12);
  const { body } = await api.send(tenant, 'GET', `/v1/audit?subjectId=${tenant.tenantId}`);
  expect(listIn(body, 'data')).toEqual([expect.objectContaining({ kind: 'retention_changed', actor: tenant.keyId, inputs: { months: 12, before: 36 } })]);
});

test.each([0, 121, 1.5, -3, '12', null])('a term of %p months is refused by its name', async (months) => {
  expect(await change(months)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path: '/retentionMonths' }] } });
});

test('changing the term leaves rules and what waits as they are', async () => {
  const before = (await api.send(tenant, 'GET', '/v1/tenant')).body;
  await change(24);
  expect((await api.send(tenant, 'GET', '/v1/tenant')).body).toEqual({ ...before, retentionMonths: 24 });
});

test('a run\'s report tells each tenant of its own rows, by day and table', async () => {
  const keeper = await makeKeeper(api.database, 36);
  await ranADayBefore(api.database, NOON);
  await keepRows(api.database, { ...keeper, tenantId: tenant.tenantId }, 'decisions', [Date.parse('2020-01-01T00:00:00Z'), Date.parse('2026-02-01T00:00:00Z')]);
  await keepRows(api.database, keeper, 'decisions', [Date.parse('2020-01-01T00:00:00Z'), Date.parse('2020-01-02T00:00:00Z')]);
  await runRetention(api.database, NOON);
  const { body } = await api.send(tenant, 'GET', '/v1/retention-reports');
  const nothing = { day: '2026-06-10', rowsRemoved: 0, partitionsDropped: 0, networkDataRemoved: 0, oldestKeptAt: null };
  expect(listIn(body, 'data')).toEqual([
    { ...nothing, table: 'touches' },
    { ...nothing, table: 'receipts' },
    { ...nothing, table: 'decisions', rowsRemoved: 1, oldestKeptAt: '2026-02-01T00:00:00.000Z' },
  ]);
  await runRetention(api.database, NOON + 86_400_000);
  const pages = await readPages(api, tenant, '/v1/retention-reports', 2);
  expect(pages.flat().map((report) => `${String(report['day'])} ${String(report['table'])}`)).toEqual(
    ['2026-06-11', '2026-06-10'].flatMap((day) => ['touches', 'receipts', 'decisions'].map((table) => `${day} ${table}`)));
});

test('a cursor of another list is refused', async () => {
  const cursor = Buffer.from(JSON.stringify(['retention-reports', '0000-01-01', 'touches'])).toString('base64url');
  expect(await api.send(tenant, 'GET', `/v1/retention-reports?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});
