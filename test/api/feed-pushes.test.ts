import { pushDue } from '../../db/write/feed/push-due.ts';
import { NOON, textIn } from '../support/api.ts';
import { fromPage } from '../support/browser-calls.ts';
import { useFeed } from '../support/use-feed.ts';

const { api, tenant, page, put, titles, mark } = useFeed();

const pushes = async () => (await api.database.superuser<{ data: Record<string, unknown>; at: number }[]>`select data, at from webhook_events where tenant_id = ${tenant.tenantId} and type = 'push.requested' order by id`).map(({ data }) => data);
const listens = () => api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.kite.example/', eventTypes: ['push.*'] });
const sweep = () => api.database.app.asTenant(tenant.tenantId, (tx) => pushDue(tx, { tenantId: tenant.tenantId, now: api.clock.now(), most: 100 }));
const choose = (...choices: [string, string, boolean][]) => fromPage(api, page, 'PUT', '/v1/feed/choices', { choices: choices.map(([topic, channel, on]) => ({ topic, channel, on })) });

test('an opt-out of pushes leaves the feed as it is; one of all channels, said for an address, stops pushes too', async () => {
  await listens();
  await choose(['quotes', 'push', false]);
  expect(await put({ key: 'a', topic: 'quotes', push: true }, { key: 'b', push: true })).toMatchObject([{ outcome: 'queued', pushAt: null }, { outcome: 'queued', pushAt: '2026-06-10T12:00:00.000Z' }]);
  await api.send(tenant, 'PUT', '/v1/members/ana', { contact: { email: 'ana@example.com' } });
  await api.send(tenant, 'POST', '/v1/consents', { consents: [{ externalId: 'ana', topic: '*', channel: '*', action: 'withdrawn' }] });
  expect(await put({ key: 'c', push: true })).toMatchObject([{ outcome: 'queued', pushAt: null }]);
  expect(await pushes()).toHaveLength(1);
});
test('leave at once where messages may, as a webhook that says what to push', async () => {
  await listens();
  const [made] = await put({ key: 'now', title: 'Ben beat your score', body: 'Play again?', deepLink: '/r/1', push: true, topic: 'challenges' });
  expect(await pushes()).toEqual([{ feedItemId: made?.['id'], memberId: page.memberId, externalId: 'ana', kind: 'notification', topic: 'challenges', title: 'Ben beat your score', body: 'Play again?', deepLink: '/r/1', expiresAt: null }]);
  await put({ key: 'now', push: true });
  expect([(await pushes()).length, (await sweep()).looked]).toEqual([1, 0]);
  expect((await api.send(tenant, 'GET', `/v1/feed/${textIn(made ?? {}, 'id')}`)).body['push']).toEqual({ at: '2026-06-10T12:00:00.000Z', requestedAt: '2026-06-10T12:00:00.000Z', reason: null });
});

test('wait for the member\'s hours, while the feed shows the item at once', async () => {
  await listens();
  await api.send(tenant, 'PUT', '/v1/members/ana', { zone: 'Europe/Paris', quietHours: [{ start: '13:00', end: '18:00' }] });
  expect(await put({ key: 'q', push: true })).toMatchObject([{ pushAt: '2026-06-10T16:00:00.000Z', pushReason: 'hours' }]);
  expect([await titles(), await pushes()]).toEqual([['T'], []]);
  api.clock.set('2026-06-10T15:59:59.999Z');
  expect((await sweep()).looked).toBe(0);
  api.clock.set('2026-06-10T16:00:00Z');
  expect(await sweep()).toEqual({ looked: 1, pushed: 1, later: 0 });
  expect([(await pushes()).length, await sweep()]).toEqual([1, { looked: 0, pushed: 0, later: 0 }]);
});

test('are judged afresh: what was read, taken back, switched off or is over stays, new hours put off, and a paused tenant\'s wait', async () => {
  await listens();
  await api.send(tenant, 'PUT', '/v1/members/ana', { zone: 'Europe/Paris', quietHours: [{ start: '13:00', end: '18:00' }] });
  const [read, back, off, over, waits] = (await put(
    { key: 'read', push: true }, { key: 'back', push: true }, { key: 'off', topic: 'noise', push: true }, { key: 'over', push: true, expiresAt: '2026-06-10T16:30:00Z' }, { key: 'waits', push: true },
  )).map((item) => textIn(item, 'id'));
  await mark([read ?? '', 'read']);
  await api.send(tenant, 'DELETE', `/v1/feed/${back ?? ''}`);
  await fromPage(api, page, 'PUT', '/v1/feed/choices', { choices: [{ topic: 'noise', channel: 'push', on: false }] });
  await api.database.superuser`update tenants set paused_at = ${NOON} where id = ${tenant.tenantId}`;
  api.clock.set('2026-06-10T16:45:00Z');
  expect((await sweep()).looked).toBe(0);
  await api.database.superuser`update tenants set paused_at = null where id = ${tenant.tenantId}`;
  await api.send(tenant, 'PUT', '/v1/members/ana', { quietHours: [{ start: '13:00', end: '20:00' }] });
  expect(await sweep()).toEqual({ looked: 3, pushed: 0, later: 1 });
  api.clock.set('2026-06-10T18:00:00Z');
  expect(await sweep()).toEqual({ looked: 1, pushed: 1, later: 0 });
  expect([(await pushes()).map(({ feedItemId }) => feedItemId), off === over]).toEqual([[waits], false]);
});

test('two sweeps at once push once', async () => {
  await listens();
  await api.send(tenant, 'PATCH', '/v1/tenant', { limits: { pushesPerMemberPerDay: 20 } });
  await api.send(tenant, 'PUT', '/v1/members/ana', { zone: 'Europe/Paris', quietHours: [{ start: '13:00', end: '15:00' }] });
  for (let n = 0; n < 20; n += 1) await put({ key: `many-${String(n)}`, push: true });
  api.clock.set('2026-06-10T13:00:00Z');
  const done = await Promise.all([sweep(), sweep(), sweep()]);
  expect([done.reduce((sum, { pushed }) => sum + pushed, 0), (await pushes()).length]).toEqual([20, 20]);
});
