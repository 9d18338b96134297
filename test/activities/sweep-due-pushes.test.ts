import { MockActivityEnvironment } from '@temporalio/testing';
import { sweepDuePushes, type SweepPushesTurn } from '../../activities/feed/sweep-due-pushes.ts';
import { NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());

const sweep = (): Promise<SweepPushesTurn> => new MockActivityEnvironment().run(sweepDuePushes, { ...api.services, draining: new AbortController().signal }, { after: null });
const pushesOf = async ({ tenantId }: TestTenant) => (await api.database.superuser`select 1 from webhook_events where tenant_id = ${tenantId} and type = 'push.requested'`).length;

test('pushes of every tenant leave when their hour comes, once, also when the sweep is repeated or run twice', async () => {
  const tenants = await Promise.all([api.makeTenant(), api.makeTenant({ name: 'Second' })]);
  for (const tenant of tenants) {
    await api.send(tenant, 'PUT', '/v1/members/ana', { zone: 'Europe/Paris', quietHours: [{ start: '13:00', end: '18:00' }] });
    await api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.kite.example/', eventTypes: ['push.*'] });
    await api.send(tenant, 'POST', '/v1/feed', { items: ['a', 'b'].map((key) => ({ externalId: 'ana', key, title: 'T', body: 'B', push: true })) });
  }
  expect(await sweep()).toMatchObject({ isOver: true, tenants: 2, pushed: 0, failed: 0 });
  api.clock.set(NOON + 4 * 3_600_000);
  const [one, two] = await Promise.all([sweep(), sweep()]);
  expect([one.pushed + two.pushed, (await sweep()).pushed, await Promise.all(tenants.map(pushesOf))]).toEqual([4, 0, [2, 2]]);
});
