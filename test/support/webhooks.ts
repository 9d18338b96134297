import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Webhook } from 'standardwebhooks';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import { deliverDue, type DeliverDeps, type DeliverReport } from '../../activities/webhooks/deliver-due.ts';
import { openWebhookWire, type WireDeps } from '../../activities/webhooks/webhook-wire.ts';
import { announce, type News } from '../../db/write/webhooks/announce.ts';
import { createEndpoint } from '../../db/write/webhooks/change-endpoints.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { WebhookEndpointId } from '../../src/domain/ids.ts';
import { postWebhook } from '../../src/providers/webhook/post.ts';
import { writeSecret } from '../../src/providers/webhook/sign.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { makeTestTenant, NOON, type TestTenant } from './api.ts';
import { standingClock, type TestClock } from './standing-clock.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { openWebhookReceiver, type ReceivedWebhook, type WebhookReceiver } from './webhook-receiver.ts';

export type LoggedTry = { n: number; outcome: string; reason: string | null; status: number | null };

/** Everything below the workflow, real: database, HTTP, activity; the clock stands where the test puts it. */
export type TestWebhooks = {
  database: TestDatabase;
  clock: TestClock;
  tenant: TestTenant;
  receiver: WebhookReceiver;
  deps: DeliverDeps;
  wireDeps: WireDeps;
  makeEndpoint(path: string, eventTypes?: readonly string[]): Promise<{ id: WebhookEndpointId; secret: string }>;
  announce(...news: Partial<News>[]): Promise<void>;
  /** One turn of the activity, and the end of all that it sent. */
  turn(changed?: Partial<DeliverDeps>): Promise<DeliverReport>;
  /** Every try at an endpoint, and how the endpoint itself stands. */
  log(endpointId: WebhookEndpointId): Promise<LoggedTry[]>;
  health(endpointId: WebhookEndpointId): Promise<{ reason: string | null; failing: number | null } | undefined>;
  /** As at the start: no endpoint, nothing announced, noon. */
  clear(): Promise<void>;
  /** What stands in the log of an endpoint. */
  states(endpointId: WebhookEndpointId): Promise<string[]>;
  close(): Promise<void>;
};

export async function openTestWebhooks(): Promise<TestWebhooks> {
  const database = await openTestDatabase();
  const receiver = await openWebhookReceiver();
  const listener = await listenToLanes(database.app);
  const tenant = await makeTestTenant(database, NOON);
  const clock = standingClock(NOON);
  const keyring = openKeyring(randomBytes(32));
  const wireDeps: WireDeps = {
    db: database.app, clock, keyring, log: createLogger({ level: 'silent' }), chance: () => 0,
    post: (post) => postWebhook(post, { allowInternal: true, timeoutMs: 5_000 }),
  };
  const deps: DeliverDeps = {
    db: database.app, clock, listener, wire: openWebhookWire(wireDeps), draining: new AbortController().signal, hasFreeSlots: () => false, beginWebhookTurn: () => () => {},
  };
  return {
    database, clock, tenant, receiver, deps, wireDeps,
    async makeEndpoint(path, eventTypes = ['*']) {
      const secret = writeSecret(randomBytes(32));
      const endpoint = { url: receiver.url + path, description: '', eventTypes, secretSealed: keyring.seal(tenant.tenantId, secret) };
      const id = await database.app.asTenant(tenant.tenantId, (tx) => createEndpoint(tx, endpoint, { tenantId: tenant.tenantId, actor: 'test', now: clock.now() }));
      if (id === null) throw new Error('there are too many endpoints');
      return { id, secret };
    },
    async announce(...news) {
      await database.app.asTenant(tenant.tenantId, (tx) => announce(tx, { tenantId: tenant.tenantId, news: news.map(sampleNews), now: clock.now() }));
    },
    async turn(changed = {}) {
      const turnDeps = { ...deps, ...changed };
      const report = await takeTurn(turnDeps, tenant);
      await turnDeps.wire.idle();
      return report;
    },
    async log(endpointId) {
      return [...await database.superuser<LoggedTry[]>`
        select a.n, a.outcome, a.reason, a.status from webhook_attempts a join webhook_deliveries d on d.id = a.delivery_id where d.endpoint_id = ${endpointId} order by d.id, a.n`];
    },
    async health(endpointId) {
      const [row] = await database.superuser<{ reason: string | null; failing: number | null }[]>`
        select disabled_reason as reason, failing_since as failing from webhook_endpoints where id = ${endpointId}`;
      return row;
    },
    async clear() {
      for (const table of ['webhook_events', 'webhook_endpoints', 'outbox']) await database.superuser`delete from ${database.superuser(table)}`;
      receiver.received.length = 0;
      clock.set(NOON);
    },
    async states(endpointId) {
      const rows = await database.superuser<{ state: string }[]>`select state from webhook_deliveries where endpoint_id = ${endpointId} order by id`;
      return rows.map(({ state }) => state);
    },
    async close() {
      await receiver.close();
      await deps.wire.idle();
      await listener.close();
      await database.drop();
    },
  };
}

/** A turn in an environment like the worker's. */
export function takeTurn(deps: DeliverDeps, { tenantId }: TestTenant): Promise<DeliverReport> {
  return new MockActivityEnvironment().run(() => deliverDue(deps, { tenantId }));
}

/** News of a reward, unless told otherwise. */
export function sampleNews(more: Partial<News> = {}): News {
  return { type: 'reward.held', subjectId: newId('rew', NOON), sequenceOf: null, at: NOON, data: { amountMinor: 500, unit: 'EUR' }, ...more };
}

/** Does a reader that knows this secret take it, at the time it was signed? Answers what it says, or why not. */
export function verified(secret: string, { headers, body }: ReceivedWebhook): unknown {
  const signed = { 'webhook-id': String(headers['webhook-id']), 'webhook-timestamp': String(headers['webhook-timestamp']), 'webhook-signature': String(headers['webhook-signature']) };
  const at = Number(signed['webhook-timestamp']) * 1000;
  jest.useFakeTimers({ now: at, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'performance', 'queueMicrotask', 'hrtime'] });
  try {
    return new Webhook(secret).verify(body, signed);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  } finally {
    jest.useRealTimers();
  }
}
