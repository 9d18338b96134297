import { listIn, NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { decisionsAbout, invite, inviteRow, makeProgram } from '../support/invites-api.ts';

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

const nudges = async () => (await api.database.superuser`select 1 from outbox where tenant_id = ${tenant.tenantId}`).length;
const forgetNudges = () => api.database.superuser`delete from outbox where tenant_id = ${tenant.tenantId}`;
const patch = (body: unknown) => api.send(tenant, 'PATCH', '/v1/tenant', body);

describe('hard stops', () => {
  test('a channel is stopped, its stop is listed, and lifting it nudges what waits', async () => {
    const programId = await makeProgram(api, tenant);
    await invite(api, tenant, programId, ['sam@x.example']);
    await forgetNudges();
    const set = await api.send(tenant, 'PUT', '/v1/hard-stops/email', { reason: 'Wrong price' });
    expect(set).toMatchObject({ status: 200, body: { channel: 'email', reason: 'Wrong price', since: '2026-06-10T12:00:00.000Z' } });
    expect(listIn((await api.send(tenant, 'GET', '/v1/hard-stops')).body, 'data')).toEqual([set.body]);
    expect(await nudges()).toBe(0);
    expect((await api.send(tenant, 'DELETE', '/v1/hard-stops/email')).status).toBe(204);
    expect(await nudges()).toBe(1);
    expect(listIn((await api.send(tenant, 'GET', '/v1/hard-stops')).body, 'data')).toEqual([]);
    expect(await decisionsAbout(api, tenant.tenantId)).toEqual(['hard_stop_lifted', 'hard_stop_set']);
  });

  test('stopping again keeps the beginning and takes the new reason', async () => {
    await api.send(tenant, 'PUT', '/v1/hard-stops/email', { reason: 'First' });
    api.clock.advance(60_000);
    expect((await api.send(tenant, 'PUT', '/v1/hard-stops/email', { reason: 'Second' })).body).toMatchObject({ reason: 'Second', since: '2026-06-10T12:00:00.000Z' });
  });

  test('lifting what is not stopped changes nothing', async () => {
    expect((await api.send(tenant, 'DELETE', '/v1/hard-stops/email')).status).toBe(204);
    expect(await decisionsAbout(api, tenant.tenantId)).toEqual([]);
  });

  test.each([['PUT'], ['DELETE']])('%s of a channel that does not exist is 404', async (method) => {
    expect((await api.send(tenant, method, '/v1/hard-stops/pigeon', method === 'PUT' ? { reason: 'x' } : undefined)).status).toBe(404);
  });

  test('a stop needs a reason', async () => {
    expect((await api.send(tenant, 'PUT', '/v1/hard-stops/email', {})).status).toBe(400);
  });
});

describe('tenant', () => {
  test('its settings are read', async () => {
    expect((await api.send(tenant, 'GET', '/v1/tenant')).body).toMatchObject({
      id: tenant.tenantId, name: 'Kite Club', zone: 'Europe/Paris', publicUrl: 'https://flywheel.example', allowedDestinations: ['app.kite.example'], state: 'active', rulesVersion: 1, sendRules: {},
    });
  });

  test('pausing holds once and accepting goes on; resuming nudges what waits, once', async () => {
    const programId = await makeProgram(api, tenant);
    const pause = () => api.send(tenant, 'POST', '/v1/tenant/pause');
    expect((await pause()).body).toMatchObject({ state: 'paused', pausedAt: '2026-06-10T12:00:00.000Z' });
    api.clock.advance(1000);
    expect((await pause()).body).toMatchObject({ pausedAt: '2026-06-10T12:00:00.000Z' });
    await expect(invite(api, tenant, programId, ['sam@x.example'])).resolves.toHaveLength(1);
    await forgetNudges();
    expect((await api.send(tenant, 'POST', '/v1/tenant/resume')).body).toMatchObject({ state: 'active', pausedAt: null });
    await api.send(tenant, 'POST', '/v1/tenant/resume');
    expect(await nudges()).toBe(1);
    expect(await decisionsAbout(api, tenant.tenantId)).toEqual(['tenant_paused', 'tenant_resumed']);
  });

  test.each([['zone', { zone: 'America/New_York' }], ['send rules', { sendRules: { blackoutDates: ['2026-12-25'] } }]])('a changed %s binds what waits: it is stale until it is planned again', async (_what, change) => {
    const programId = await makeProgram(api, tenant);
    const [invited] = await invite(api, tenant, programId, ['sam@x.example']);
    if (invited === undefined) throw new Error('nobody was invited');
    expect((await patch({})).body).toMatchObject({ rulesVersion: 1 });
    expect(await inviteRow(api, invited.ref)).toMatchObject({ stale: false });
    expect((await patch(change)).body).toMatchObject({ rulesVersion: 2, ...change });
    expect((await patch(change)).body).toMatchObject({ rulesVersion: 2 });
    expect(await inviteRow(api, invited.ref)).toMatchObject({ stale: true });
    expect(await decisionsAbout(api, tenant.tenantId)).toEqual(['tenant_changed']);
  });

  test.each([
    ['a zone nobody knows', { zone: 'Mars/Olympus' }, 'invalid_request', '/zone'],
    ['rules that cannot be used', { sendRules: { layers: [{ windows: [{ start: '9', end: '10' }] }] } }, 'invalid_send_rules', '/sendRules/layers/0/windows/0/start'],
    ['a setting of the deployment', { publicUrl: 'https://evil.example' }, 'invalid_request', '/publicUrl'],
  ])('%s is refused', async (_what, change, code, path) => {
    const refused = await patch(change);
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(listIn(refused.body, 'errors').map((error) => error['path'])).toContain(path);
  });
});

describe('suppressions', () => {
  const add = (email: string, more: object = {}) => api.send(tenant, 'POST', '/v1/suppressions', { email, ...more });

  test('a mailbox is suppressed once, however its address is spelt', async () => {
    const first = await add('Ana.Souza@gmail.com', { reason: 'legal' });
    expect(first).toMatchObject({ status: 201, body: { email: null, reason: 'legal', createdAt: '2026-06-10T12:00:00.000Z', liftedAt: null } });
    expect(await add('anasouza+x@googlemail.com')).toMatchObject({ status: 200, body: first.body });
  });

  test('what waits for the mailbox ends, and nobody is invited there until it is lifted', async () => {
    const programId = await makeProgram(api, tenant);
    const [invited] = await invite(api, tenant, programId, ['sam@x.example']);
    if (invited === undefined) throw new Error('nobody was invited');
    const added = await add('sam@x.example');
    expect(added.body).toMatchObject({ email: 'sam@x.example', reason: 'manual' });
    expect(await inviteRow(api, invited.ref)).toMatchObject({ state: 'refused', reason: 'suppressed', dueAt: null });
    await expect(invite(api, tenant, programId, ['sam@x.example'])).rejects.toThrow('suppressed');
    api.clock.advance(1000);
    const lift = () => api.send(tenant, 'DELETE', `/v1/suppressions/${String(added.body['id'])}`);
    expect(await lift()).toMatchObject({ status: 200, body: { liftedAt: '2026-06-10T12:00:01.000Z' } });
    api.clock.advance(1000);
    expect((await lift()).body).toMatchObject({ liftedAt: '2026-06-10T12:00:01.000Z' });
    await expect(invite(api, tenant, programId, ['sam@x.example'])).resolves.toHaveLength(1);
    expect(await decisionsAbout(api, String(added.body['id']))).toEqual(['suppression_added', 'suppression_lifted']);
  });

  test('after it was lifted a mailbox can be suppressed again, as a new one', async () => {
    const first = await add('sam@x.example');
    await api.send(tenant, 'DELETE', `/v1/suppressions/${String(first.body['id'])}`);
    const second = await add('sam@x.example');
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
    expect(listIn((await api.send(tenant, 'GET', '/v1/suppressions')).body, 'data')).toHaveLength(1);
    expect(listIn((await api.send(tenant, 'GET', '/v1/suppressions?lifted=true')).body, 'data')).toHaveLength(2);
  });

  test('20 requests for one mailbox at once make one suppression', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => add('sam@x.example')));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(replies.map(({ body }) => body['id'])).size).toBe(1);
  });

  test('pages go newest first', async () => {
    for (const n of [1, 2, 3]) {
      api.clock.advance(1000);
      await add(`p${n}@x.example`);
    }
    const first = await api.send(tenant, 'GET', '/v1/suppressions?limit=2');
    const second = await api.send(tenant, 'GET', `/v1/suppressions?limit=2&cursor=${String(first.body['nextCursor'])}`);
    const ids = [...listIn(first.body, 'data'), ...listIn(second.body, 'data')].map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(second.body).toMatchObject({ hasMore: false, nextCursor: null });
  });

  test.each([[{ email: 'nobody' }, '/email'], [{}, '/email'], [{ email: 'a@b.example', reason: 'because' }, '/reason'], [{ email: 'a@b.example', phone: '+49' }, '/phone']])('%j is 400', async (body, path) => {
    expect(await api.send(tenant, 'POST', '/v1/suppressions', body)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test.each([['sup_01kx7m3p9q2r4s5t6v7w8x9y0z'], ['nonsense']])('lifting %s, which does not exist, is 404', async (id) => {
    expect((await api.send(tenant, 'DELETE', `/v1/suppressions/${id}`)).status).toBe(404);
  });
});
