import { randomUUID } from 'node:crypto';
import { MOST_ENDPOINTS } from '../../db/write/webhooks/change-endpoints.ts';
import { newId } from '../../src/config/new-id.ts';
import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import { at, pathsOf, URL_IN, useWebhookEndpoints } from '../support/use-webhook-endpoints.ts';

const { api, tenant, other, make, tell, deliveries } = useWebhookEndpoints();

describe('an endpoint', () => {
  test('is made with a secret that is shown once', async () => {
    const { status, body } = await make({ eventTypes: ['reward.*', 'payout.completed'], description: 'Rewards' });
    expect([status, body]).toEqual([201, {
      id: expect.stringMatching(/^whe_/), url: URL_IN, eventTypes: ['reward.*', 'payout.completed'], description: 'Rewards', enabled: true, disabledAt: null, disabledReason: null,
      failingSince: null, oldSecretUntil: null, createdAt: '2026-06-10T12:00:00.000Z', secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    }]);
    const { secret, ...rest } = body;
    const read = await api.send(tenant, 'GET', at(textIn(body, 'id')));
    expect(read.body).toEqual(rest);
    const rows = await api.database.superuser<{ row: string }[]>`select to_jsonb(e)::text as row from webhook_endpoints e where tenant_id = ${tenant.tenantId}`;
    expect(rows[0]?.row).not.toContain(String(secret).slice(6, 20));
    expect(JSON.stringify(api.logged)).not.toContain(String(secret).slice(6, 20));
  });

  test('takes every type where none is named', async () => {
    expect((await make()).body).toMatchObject({ eventTypes: ['*'], description: '' });
  });

  test('is made once by a request that is repeated, with the same secret', async () => {
    const idempotencyKey = randomUUID();
    const replies = [await api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: URL_IN }, { idempotencyKey }), await api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: URL_IN }, { idempotencyKey })];
    expect([replies[0]?.text, listIn((await api.send(tenant, 'GET', '/v1/webhook-endpoints')).body, 'data').length]).toEqual([replies[1]?.text, 1]);
  });

  test.each(['http://hooks.example.com/', 'https://localhost/', 'https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest', 'https://2130706433/', 'https://db.internal/', 'https://a:b@hooks.example.com/', 'hooks.example.com', 'javascript:alert(1)', 'https://hooks.example.com/#x', `https://hooks.example.com/${'a'.repeat(600)}`])(
    'at %s is refused with words to act on', async (url) => {
      const reply = await make({ url });
      expect(pathsOf(reply)).toEqual([400, 'webhook_url_refused', ['/url']]);
      expect(reply.body['detail']).toMatch(/^[A-Z].*\.$/);
      expect(reply.text).not.toContain('127.0.0.1');
    });

  test.each([
    [{ url: '' }, '/url'], [{ url: 7 }, '/url'], [{ eventTypes: [] }, '/eventTypes'], [{ eventTypes: ['reward.payed'] }, '/eventTypes/0'], [{ eventTypes: ['*', 'refferal.*'] }, '/eventTypes/1'],
    [{ eventTypes: Array.from({ length: 51 }, () => '*') }, '/eventTypes'], [{ eventTypes: '*' }, '/eventTypes'], [{ description: 'x'.repeat(201) }, '/description'], [{ secret: 'mine' }, '/secret'],
  ])('with %j is refused, and the place is named', async (body, path) => {
    expect(pathsOf(await make(body))).toEqual([400, 'invalid_request', [path]]);
  });

  test(`is refused as the ${String(MOST_ENDPOINTS + 1)}th, and made once another is deleted`, async () => {
    const made = [];
    for (let i = 0; i < MOST_ENDPOINTS; i += 1) made.push(textIn((await make()).body, 'id'));
    const refused = await make();
    expect([refused.status, refused.body['code']]).toEqual([409, 'too_many_webhook_endpoints']);
    expect((await api.send(tenant, 'DELETE', at(made[0] ?? ''))).status).toBe(204);
    expect((await make()).status).toBe(201);
  });

  test('of another tenant is not there: to read, change, delete, rotate, test or send again', async () => {
    const id = textIn((await make({}, other)).body, 'id');
    const replies = [
      await api.send(tenant, 'GET', at(id)), await api.send(tenant, 'PATCH', at(id), { enabled: false }), await api.send(tenant, 'DELETE', at(id)), await api.send(tenant, 'POST', at(id, '/rotate-secret')),
      await api.send(tenant, 'POST', at(id, '/test')), await api.send(tenant, 'POST', at(id, '/resend'), { from: '2026-06-10T08:00:00Z' }), await api.send(tenant, 'GET', at(newId('whe', NOON))), await api.send(tenant, 'GET', at('whe_x')),
    ];
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404));
    expect(listIn((await api.send(tenant, 'GET', '/v1/webhook-endpoints')).body, 'data')).toEqual([]);
  });

  test('is changed where named, and an address is checked again', async () => {
    const id = textIn((await make({ description: 'old' })).body, 'id');
    expect((await api.send(tenant, 'PATCH', at(id), { url: 'https://hooks.example.com/new', eventTypes: ['payout.*'] })).body).toMatchObject({ url: 'https://hooks.example.com/new', eventTypes: ['payout.*'], description: 'old' });
    expect(pathsOf(await api.send(tenant, 'PATCH', at(id), { url: 'https://10.0.0.1/' }))).toEqual([400, 'webhook_url_refused', ['/url']]);
    expect((await api.send(tenant, 'GET', at(id))).body).toMatchObject({ url: 'https://hooks.example.com/new' });
  });

  test('disabled gets nothing and cancels what waits; enabled it gets what comes then', async () => {
    const id = textIn((await make()).body, 'id');
    await tell(2);
    expect((await api.send(tenant, 'PATCH', at(id), { enabled: false })).body).toMatchObject({ enabled: false, disabledReason: 'by_you', disabledAt: '2026-06-10T12:00:00.000Z' });
    await tell(1);
    expect((await deliveries()).map(({ state, reason }) => [state, reason])).toEqual([['canceled', 'endpoint_disabled'], ['canceled', 'endpoint_disabled']]);
    for (const path of [at(id, '/test'), at(id, '/resend')]) {
      const refused = await api.send(tenant, 'POST', path, path.endsWith('/resend') ? { from: '2026-06-10T08:00:00Z' } : undefined);
      expect([refused.status, refused.body['code']]).toEqual([409, 'webhook_endpoint_disabled']);
    }
    expect((await api.send(tenant, 'PATCH', at(id), { enabled: true })).body).toMatchObject({ enabled: true, disabledReason: null });
    await tell(1);
    expect((await deliveries('?state=waiting')).length).toBe(1);
  });

  test('gets a new secret, and tells until when the old one signs', async () => {
    const made = await make();
    const rotated = await api.send(tenant, 'POST', at(textIn(made.body, 'id'), '/rotate-secret'));
    expect(rotated.body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), oldSecretUntil: '2026-06-11T12:00:00.000Z' });
    expect(rotated.body['secret']).not.toBe(made.body['secret']);
    api.clock.advance(24 * 3_600_000);
    expect((await api.send(tenant, 'GET', at(textIn(made.body, 'id')))).body).toMatchObject({ oldSecretUntil: null });
  });

  test('what was decided about it stands in the audit log, without its address or secret', async () => {
    const { body } = await make();
    await api.send(tenant, 'POST', at(textIn(body, 'id'), '/rotate-secret'));
    await api.send(tenant, 'DELETE', at(textIn(body, 'id')));
    const rows = await api.database.superuser<{ kind: string; inputs: unknown }[]>`select kind, inputs from decisions where subject_id = ${textIn(body, 'id')} order by id`;
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(['webhook_endpoint_deleted', 'webhook_endpoint_made', 'webhook_secret_rotated']);
    expect(JSON.stringify(rows)).not.toMatch(/hooks\.example|whsec/);
  });
});

test('every type is listed with its meaning and its fields', async () => {
  const types = listIn((await api.send(tenant, 'GET', '/v1/webhook-types')).body, 'data');
  expect(types.find(({ type }) => type === 'reward.paid')).toEqual({ type: 'reward.paid', description: 'The reward was paid out.', data: expect.objectContaining({ rewardId: 'id', amountMinor: 'integer' }) });
});

test('in development an endpoint may be on this machine', async () => {
  const local = await openTestApi({ webhooksToInternal: true });
  try {
    const own = await local.makeTenant();
    expect((await local.send(own, 'POST', '/v1/webhook-endpoints', { url: 'http://localhost:3001/hooks' })).status).toBe(201);
  } finally {
    await local.close();
  }
});
