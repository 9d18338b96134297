import { listIn, NOON, textIn } from '../support/api.ts';
import { at, pathsOf, useWebhookEndpoints } from '../support/use-webhook-endpoints.ts';

const { api, tenant, other, make, tell, deliveries } = useWebhookEndpoints();

const end = (state: string) => api.database.superuser`update webhook_deliveries set state = ${state}, due_at = null, ended_at = ${NOON} where tenant_id = ${tenant.tenantId}`;

describe('the log', () => {
  test('lists deliveries newest first, page by page, by endpoint, state and type', async () => {
    const [first, second] = [textIn((await make()).body, 'id'), textIn((await make({ eventTypes: ['payout.*'] })).body, 'id')];
    for (let i = 0; i < 5; i += 1) {
      await tell(1);
      api.clock.advance(1_000);
    }
    const pages: Record<string, unknown>[] = [];
    for (let cursor = ''; ;) {
      const { body } = await api.send(tenant, 'GET', `/v1/webhook-deliveries?limit=2${cursor}`);
      pages.push(...listIn(body, 'data'));
      if (body['hasMore'] !== true) break;
      cursor = `&cursor=${textIn(body, 'nextCursor')}`;
    }
    expect(pages.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1].map((number) => ({ of: 'ref_1', number })));
    expect([(await deliveries(`?endpointId=${first}`)).length, (await deliveries(`?endpointId=${second}`)).length, (await deliveries('?state=delivered')).length, (await deliveries('?type=reward.held&state=waiting')).length,
      (await deliveries('?type=reward.paid')).length, (await deliveries('', other)).length]).toEqual([5, 0, 0, 5, 0, 0]);
  });

  test.each([['?endpointId=whe_x', '?endpointId'], ['?state=lost', '?state'], ['?type=', '?type'], ['?limit=0', '?limit'], ['?color=red', '?color']])('asked for %s it names the place', async (query, path) => {
    expect(pathsOf(await api.send(tenant, 'GET', `/v1/webhook-deliveries${query}`))).toEqual([400, 'invalid_request', [path]]);
  });

  test('shows a delivery with what is posted and its tries, and a stranger\'s not at all', async () => {
    await make();
    await tell(1);
    const [delivery] = await deliveries();
    const id = String(delivery?.['id']);
    await api.database.superuser`insert into webhook_attempts (tenant_id, delivery_id, n, outcome, reason, status, took_ms, at) values (${tenant.tenantId}, ${id}, 1, 'retry', 'http_status', 500, 12, ${NOON})`;
    const { body } = await api.send(tenant, 'GET', `/v1/webhook-deliveries/${id}`);
    expect(body).toMatchObject({ ...delivery, tries: [{ n: 1, outcome: 'retry', reason: 'http_status', status: 500, tookMs: 12, at: '2026-06-10T12:00:00.000Z' }] });
    expect(JSON.parse(textIn(body, 'body'))).toEqual({ type: 'reward.held', timestamp: '2026-06-10T12:00:00.000Z', sequence: { of: 'ref_1', number: 1 }, data: { amountMinor: 500, unit: 'EUR' } });
    expect((await api.send(other, 'GET', `/v1/webhook-deliveries/${id}`)).status).toBe(404);
    expect((await api.send(other, 'POST', `/v1/webhook-deliveries/${id}/resend`)).status).toBe(404);
  });
});

describe('sending again', () => {
  test('one that failed, or arrived: with its id, at once', async () => {
    await make();
    await tell(1);
    await end('delivered');
    const [before] = await deliveries();
    const { status, body } = await api.send(tenant, 'POST', `/v1/webhook-deliveries/${String(before?.['id'])}/resend`);
    expect([status, body]).toMatchObject([202, { id: before?.['id'], webhookId: before?.['webhookId'], state: 'waiting', nextAt: '2026-06-10T12:00:00.000Z', endedAt: null }]);
  });

  test('a range: what was missed, also while there was no endpoint for it; what arrived only when asked for', async () => {
    const first = textIn((await make()).body, 'id');
    await tell(2);
    await end('delivered');
    api.clock.advance(3_600_000);
    await tell(3);
    await api.database.superuser`update webhook_deliveries set state = 'failed', due_at = null where tenant_id = ${tenant.tenantId} and state = 'waiting'`;
    const late = textIn((await make({ eventTypes: ['reward.*'] })).body, 'id');
    const again = async (id: string, body: Record<string, unknown>) => (await api.send(tenant, 'POST', at(id, '/resend'), body)).body;
    expect(await again(first, { from: '2026-06-10T12:30:00Z' })).toEqual({ queued: 3, goesOnFrom: null });
    expect(await again(first, { from: '2026-06-10T00:00:00Z' })).toEqual({ queued: 0, goesOnFrom: null });
    expect(await again(first, { from: '2026-06-10T00:00:00Z', to: '2026-06-10T12:30:00Z', which: 'all' })).toEqual({ queued: 2, goesOnFrom: null });
    expect(await again(late, { from: '2026-06-10T14:00:00+02:00', to: '2026-06-10T12:30:00Z' })).toEqual({ queued: 2, goesOnFrom: null });
    expect([(await deliveries(`?endpointId=${first}&state=waiting`)).length, (await deliveries(`?endpointId=${late}&state=waiting`)).length]).toEqual([5, 2]);
  });

  test('a test is nobody else\'s: neither told to other endpoints nor in their ranges', async () => {
    const [first, second] = [textIn((await make({ eventTypes: ['payout.*'] })).body, 'id'), textIn((await make()).body, 'id')];
    const { status, body } = await api.send(tenant, 'POST', at(first, '/test'));
    expect([status, body]).toMatchObject([202, { endpointId: first, type: 'webhook.test', state: 'waiting' }]);
    expect((await api.send(tenant, 'POST', at(second, '/resend'), { from: '2026-06-10T00:00:00Z', which: 'all' })).body).toMatchObject({ queued: 0 });
    expect(await deliveries(`?endpointId=${second}`)).toEqual([]);
  });

  test('a very large range goes in parts, each where the last one ended', async () => {
    const id = textIn((await make()).body, 'id');
    await tell(1_500);
    api.clock.advance(1_000);
    await tell(1_000);
    await end('failed');
    const first = (await api.send(tenant, 'POST', at(id, '/resend'), { from: '2026-06-10T00:00:00Z' })).body;
    expect(first).toEqual({ queued: 2_000, goesOnFrom: '2026-06-10T12:00:01.000Z' });
    expect((await api.send(tenant, 'POST', at(id, '/resend'), { from: first['goesOnFrom'] })).body).toEqual({ queued: 500, goesOnFrom: null });
  });

  test.each([[{}, '/from'], [{ from: 'yesterday' }, '/from'], [{ from: '2026-06-11T00:00:00Z' }, '/from'], [{ from: '2026-06-10T10:00:00Z', to: '2026-06-10T10:00:00Z' }, '/from'], [{ from: '2026-06-10T10:00:00Z', which: 'some' }, '/which']])(
    'with %j is refused, and the place is named', async (body, path) => {
      const id = textIn((await make()).body, 'id');
      expect(pathsOf(await api.send(tenant, 'POST', at(id, '/resend'), body))).toEqual([400, 'invalid_request', [path]]);
    });
});
