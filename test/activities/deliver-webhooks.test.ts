import { openWebhookWire } from '../../activities/webhooks/webhook-wire.ts';
import { changeEndpoint, rotateSecret } from '../../db/write/webhooks/change-endpoints.ts';
import { sendOneAgain } from '../../db/write/webhooks/send-again.ts';
import { asId } from '../../src/domain/ids.ts';
import { RETRY_DELAYS_MS } from '../../src/domain/webhook/retry-schedule.ts';
import { writeSecret } from '../../src/providers/webhook/sign.ts';
import { NOON } from '../support/api.ts';
import { openTestWebhooks, verified, type TestWebhooks } from '../support/webhooks.ts';

const HOUR_MS = 3_600_000;
let webhooks: TestWebhooks;
beforeAll(async () => { webhooks = await openTestWebhooks(); });
afterAll(() => webhooks.close());
afterEach(() => webhooks.clear());

const asTenant: TestWebhooks['database']['app']['asTenant'] = (tenantId, work) => webhooks.database.app.asTenant(tenantId, work);
const by = () => ({ tenantId: webhooks.tenant.tenantId, actor: 'test', now: webhooks.clock.now() });

test('an event arrives once, signed so that its owner knows it, and the log tells', async () => {
  const { id, secret } = await webhooks.makeEndpoint('/plain');
  await webhooks.announce({ type: 'reward.paid', sequenceOf: 'ref_1', data: { rewardId: 'rew_1', amountMinor: 500 } });
  expect(await webhooks.turn()).toMatchObject({ sent: 1 });
  expect(await webhooks.turn()).toEqual({ sent: 0, onTheWire: 0, nextInMs: null });
  const [got] = webhooks.receiver.received;
  if (got === undefined) throw new Error('nothing arrived');
  expect(verified(secret, got)).toEqual({ type: 'reward.paid', timestamp: '2026-06-10T12:00:00.000Z', sequence: { of: 'ref_1', number: 1 }, data: { rewardId: 'rew_1', amountMinor: 500 } });
  expect([webhooks.receiver.received.length, await webhooks.states(id), await webhooks.log(id)]).toEqual([1, ['delivered'], [{ n: 1, outcome: 'delivered', reason: null, status: 204 }]]);
});

test('a failing endpoint is tried by the schedule, with one id and fresh times, and then given up', async () => {
  const { id, secret } = await webhooks.makeEndpoint('/down');
  webhooks.receiver.answer('/down', 500);
  await webhooks.announce({});
  for (const delayMs of RETRY_DELAYS_MS) {
    await webhooks.turn();
    expect((await webhooks.turn()).nextInMs).toBe(delayMs);
    webhooks.clock.advance(delayMs - 1);
    expect(await webhooks.turn()).toMatchObject({ sent: 0, nextInMs: 1 });
    webhooks.clock.advance(1);
  }
  expect(await webhooks.states(id)).toEqual(['waiting']);
  await webhooks.turn();
  expect([await webhooks.states(id), (await webhooks.turn()).nextInMs]).toEqual([['failed'], null]);
  const { received } = webhooks.receiver;
  expect([received.length, new Set(webhooks.receiver.idsAt('/down')).size, new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size]).toEqual([10, 1, 10]);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(received.every((each) => typeof verified(secret, each) === 'object')).toBe(true);
  expect((await webhooks.log(id)).map(({ n, status }) => [n, status])).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 500]));
  // Three days are no reason to give up the endpoint itself.
  expect(await webhooks.health(id)).toMatchObject({ reason: null, failing: NOON });
});

test('one that gives up deliveries for five days without any that got through is disabled, and its owner is told elsewhere', async () => {
  const { id } = await webhooks.makeEndpoint('/dead', ['reward.*']);
  const other = await webhooks.makeEndpoint('/watch', ['webhook.*']);
  webhooks.receiver.answer('/dead', 503);
  for (const [day, fails] of [[0, 3], [2, 3]] as const) {
    webhooks.clock.set(NOON + day * 24 * HOUR_MS);
    await webhooks.announce({});
    for (let i = 0; i < fails; i += 1) {
      await webhooks.turn();
      webhooks.clock.advance(2 * HOUR_MS);
    }
  }
  webhooks.clock.set(NOON + 5 * 24 * HOUR_MS);
  for (let i = 0; i < 12 && (await webhooks.health(id))?.reason === null; i += 1) {
    await webhooks.turn();
    webhooks.clock.advance(25 * HOUR_MS);
  }
  expect([await webhooks.health(id), await webhooks.states(id)]).toEqual([{ reason: 'failing', failing: NOON }, ['failed', expect.stringMatching(/failed|canceled/)]]);
  await webhooks.turn();
  expect(webhooks.receiver.received.filter(({ path }) => path === '/watch').map(({ body }): unknown => JSON.parse(body))).toMatchObject([{ type: 'webhook.endpoint_disabled', data: { endpointId: id, reason: 'failing' } }]);
  expect(await webhooks.states(other.id)).toEqual(['delivered']);
});

test('one delivery that gets through makes an endpoint well again', async () => {
  const { id } = await webhooks.makeEndpoint('/mends');
  webhooks.receiver.answer('/mends', 500);
  await webhooks.announce({});
  await webhooks.turn();
  expect(await webhooks.health(id)).toMatchObject({ failing: NOON });
  webhooks.receiver.answer('/mends', 200);
  webhooks.clock.advance(5_000);
  await webhooks.turn();
  expect([await webhooks.health(id), await webhooks.states(id)]).toEqual([{ reason: null, failing: null }, ['delivered']]);
});

test('410 disables the endpoint at once, and what waited for it is canceled', async () => {
  const { id } = await webhooks.makeEndpoint('/gone');
  webhooks.receiver.answer('/gone', 410);
  await webhooks.announce(...Array.from({ length: 12 }, () => ({})));
  await webhooks.turn();
  expect(await webhooks.health(id)).toMatchObject({ reason: 'gone' });
  const states = await webhooks.states(id);
  expect([new Set(states), webhooks.receiver.received.length]).toEqual([new Set(['failed', 'canceled']), 5]);
  await webhooks.announce({});
  expect(await webhooks.turn()).toEqual({ sent: 0, onTheWire: 0, nextInMs: null });
});

test('while a secret is rotated both sign, a day later the new one alone', async () => {
  const { id, secret: old } = await webhooks.makeEndpoint('/rotates');
  const fresh = writeSecret(new Uint8Array(32).fill(7));
  await asTenant(webhooks.tenant.tenantId, (tx) => rotateSecret(tx, id, webhooks.wireDeps.keyring.seal(webhooks.tenant.tenantId, fresh), by()));
  for (const at of [NOON, NOON + 24 * HOUR_MS - 1, NOON + 24 * HOUR_MS]) {
    webhooks.clock.set(at);
    await webhooks.announce({});
    await webhooks.turn();
  }
  const taken = (secret: string) => webhooks.receiver.received.map((each) => typeof verified(secret, each) === 'object');
  expect([taken(fresh), taken(old)]).toEqual([[true, true, true], [true, true, false]]);
});

test('an address that may not be called ends its delivery, and says why', async () => {
  const { id } = await webhooks.makeEndpoint('/inside');
  await webhooks.announce({});
  const strict = openWebhookWire({ ...webhooks.wireDeps, post: () => Promise.resolve({ outcome: 'refused', reason: 'internal_address' }) });
  await webhooks.turn({ wire: strict });
  expect([await webhooks.states(id), await webhooks.log(id)]).toEqual([['failed'], [{ n: 1, outcome: 'refused', reason: 'internal_address', status: null }]]);
});

test('sent again by hand it has its id and a schedule that begins anew', async () => {
  const { id } = await webhooks.makeEndpoint('/again');
  await webhooks.announce({});
  await webhooks.turn();
  const [delivery] = await webhooks.database.superuser<{ id: string }[]>`select id from webhook_deliveries where endpoint_id = ${id}`;
  webhooks.receiver.answer('/again', 500);
  await asTenant(webhooks.tenant.tenantId, (tx) => sendOneAgain(tx, { tenantId: webhooks.tenant.tenantId, id: asId('whd', delivery?.id ?? ''), now: NOON }));
  await webhooks.turn();
  expect([(await webhooks.turn()).nextInMs, new Set(webhooks.receiver.idsAt('/again')).size, (await webhooks.log(id)).map(({ n }) => n)]).toEqual([5_000, 1, [1, 2]]);
});

test('what waits for an endpoint that was disabled while it was announced ends as canceled', async () => {
  const { id } = await webhooks.makeEndpoint('/raced');
  await webhooks.announce({});
  await webhooks.database.superuser`update webhook_endpoints set disabled_at = ${NOON}, disabled_reason = 'by_you' where id = ${id}`;
  expect(await webhooks.turn()).toEqual({ sent: 0, onTheWire: 0, nextInMs: null });
  expect(await webhooks.states(id)).toEqual(['canceled']);
});

test('a new address is where the next try goes', async () => {
  const { id } = await webhooks.makeEndpoint('/old');
  webhooks.receiver.answer('/old', 404);
  await webhooks.announce({});
  await webhooks.turn();
  await asTenant(webhooks.tenant.tenantId, (tx) => changeEndpoint(tx, id, { url: `${webhooks.receiver.url}/new` }, by()));
  webhooks.clock.advance(5_000);
  await webhooks.turn();
  expect([webhooks.receiver.idsAt('/old').length, webhooks.receiver.idsAt('/new')]).toEqual([1, webhooks.receiver.idsAt('/old')]);
});
