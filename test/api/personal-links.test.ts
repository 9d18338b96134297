import { z } from 'zod';
import { listIn, NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const member = async (externalId: string) => (await api.send(tenant, 'PUT', `/v1/members/${externalId}`, {})).body;
const codeIn = (body: Record<string, unknown>): string => z.object({ code: z.string() }).parse(body['personalLink']).code;

test('each member has a personal link from the first upsert, of at most 20 characters, and keeps it', async () => {
  const link = z.object({ code: z.string().max(20), url: z.string() }).parse((await member('ana'))['personalLink']);
  expect(link.url).toBe(`https://flywheel.example/l/${link.code}`);
  expect((await member('ana'))['personalLink']).toEqual(link);
  expect((await api.send(tenant, 'GET', '/v1/members/ana')).body).toMatchObject({ personalLink: link });
  expect((await api.send(tenant, 'GET', `/v1/links/${link.code}`)).body).toMatchObject({ kind: 'personal', destination: 'https://app.kite.example/' });
});

test('members of a batch and those made by a fact have their personal links', async () => {
  await api.send(tenant, 'POST', '/v1/members/batch', { members: [{ externalId: 'a' }, { externalId: 'b' }] });
  await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: 'e', type: 'signed_up', externalId: 'c' }] });
  const rows = listIn((await api.send(tenant, 'GET', '/v1/members')).body, 'data');
  expect(new Set(rows.map(codeIn)).size).toBe(3);
});

test('who was there before gets a personal link when read, or in bulk', async () => {
  const old = async (name: string) => api.database.superuser`
    insert into members (id, tenant_id, external_id, created_at, updated_at) values (${`mbr_${name.padEnd(26, '0')}`}, ${tenant.tenantId}, ${name}, ${NOON}, ${NOON})`;
  for (const name of ['1a', '1b', '1c']) await old(name);
  expect((await api.send(tenant, 'GET', '/v1/members/1a')).body).toMatchObject({ personalLink: { code: expect.any(String) } });
  expect((await api.send(tenant, 'POST', '/v1/personal-links', {})).body).toEqual({ made: 2, next: null });
  expect((await api.send(tenant, 'POST', '/v1/personal-links', {})).body).toEqual({ made: 0, next: null });
});

test('a personal link that was revoked is gone for good', async () => {
  await api.send(tenant, 'POST', `/v1/links/${codeIn(await member('ana'))}/revoke`);
  expect(await member('ana')).toMatchObject({ personalLink: null });
});

test('more than a thousand are made page by page', async () => {
  await api.database.superuser`
    insert into members (id, tenant_id, external_id, created_at, updated_at)
    select 'mbr_' || lpad(n::text, 26, '0'), ${tenant.tenantId}, 'old-' || n, ${NOON}, ${NOON} from generate_series(1, 1001) n`;
  const first = await api.send(tenant, 'POST', '/v1/personal-links', {});
  expect(first.body).toMatchObject({ made: 1000, next: expect.stringMatching(/^mbr_/) });
  expect((await api.send(tenant, 'POST', '/v1/personal-links', { after: first.body['next'] })).body).toEqual({ made: 1, next: null });
});
