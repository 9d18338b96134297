import type { Database } from '../../db/client.ts';
import { notifyLane } from '../../db/write/lane.ts';
import type { ClaimedDelivery } from '../../db/write/webhooks/claim-deliveries.ts';
import { recordAttempts, type AttemptRecord } from '../../db/write/webhooks/record-attempts.ts';
import type { TenantId, WebhookEndpointId } from '../../src/domain/ids.ts';
import { WEBHOOKS_LANE } from '../../src/domain/webhook/lane.ts';
import type { WebhookMetrics } from '../../src/telemetry/metrics/webhook-metrics.ts';
import { pause } from '../messages/within.ts';
import { sendDelivery, type SendDeliveryDeps } from './send-delivery.ts';

/** Everything of this process that is on its way to tenants' endpoints. It outlives turns, so that no turn waits for an endpoint that hangs. */
export type WebhookWire = {
  /** Begins a turn of a tenant; what comes back ends it. */
  enter(tenantId: TenantId): () => void;
  /** How many of each endpoint are on their way or not recorded yet. */
  onTheWire(tenantId: TenantId): ReadonlyMap<WebhookEndpointId, number>;
  /** Sends them, and records what becomes of them. */
  send(tenantId: TenantId, claimed: readonly ClaimedDelivery[]): void;
  /** Counts what was recorded; read before looking and given to `moved`, so that what comes in between ends the wait. */
  version(tenantId: TenantId): number;
  /** Resolves when something was recorded since `seen`, or `signal` ends the wait. */
  moved(tenantId: TenantId, seen: number, signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>;
};

export type WireDeps = SendDeliveryDeps & { db: Database; metrics?: WebhookMetrics };

/** A record that cannot be written so often is given up: its delivery is due again when its lease ends. */
const RECORD_TRIES = 10;
const RECORD_AGAIN_MS = 500;

type Traffic = { turns: number; version: number; readonly counts: Map<WebhookEndpointId, number>; ended: AttemptRecord[]; recording: Promise<void> | null; readonly waiting: Set<() => void> };

export function openWebhookWire(deps: WireDeps): WebhookWire {
  const traffic = new Map<TenantId, Traffic>();
  const underWay = new Set<Promise<void>>();
  const of = (tenantId: TenantId): Traffic => {
    const known = traffic.get(tenantId) ?? { turns: 0, version: 0, counts: new Map(), ended: [], recording: null, waiting: new Set() };
    traffic.set(tenantId, known);
    return known;
  };
  const forget = (tenantId: TenantId): void => {
    const known = traffic.get(tenantId);
    if (known !== undefined && known.turns === 0 && known.counts.size === 0) traffic.delete(tenantId);
  };
  const sendOne = async (tenantId: TenantId, delivery: ClaimedDelivery): Promise<void> => {
    const own = of(tenantId);
    const record = await sendDelivery(deps, tenantId, delivery);
    deps.metrics?.tried({ ...record, givenUp: record.nextAt === null });
    own.ended.push(record);
    own.recording ??= recordAll(deps, tenantId, own);
    await own.recording;
    forget(tenantId);
  };
  return {
    enter(tenantId) {
      const own = of(tenantId);
      own.turns += 1;
      return () => { own.turns -= 1; forget(tenantId); };
    },
    onTheWire: (tenantId) => traffic.get(tenantId)?.counts ?? new Map(),
    send(tenantId, claimed) {
      const { counts } = of(tenantId);
      for (const delivery of claimed) {
        counts.set(delivery.endpointId, (counts.get(delivery.endpointId) ?? 0) + 1);
        const way = sendOne(tenantId, delivery).finally(() => { underWay.delete(way); });
        underWay.add(way);
      }
    },
    version: (tenantId) => traffic.get(tenantId)?.version ?? 0,
    moved(tenantId, seen, signal) {
      const { waiting, version } = of(tenantId);
      if (version !== seen || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        waiting.add(end);
        signal.addEventListener('abort', end);
      });
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Records what has ended, in groups as they come; a place is free once its try is recorded. Never throws. */
async function recordAll(deps: WireDeps, tenantId: TenantId, own: Traffic): Promise<void> {
  // Those that end in the same moment are recorded together.
  await Promise.resolve();
  while (own.ended.length > 0) {
    const group = own.ended;
    own.ended = [];
    await recordGroup(deps, tenantId, group, own);
    for (const { endpointId } of group) {
      const left = (own.counts.get(endpointId) ?? 1) - 1;
      if (left === 0) own.counts.delete(endpointId);
      else own.counts.set(endpointId, left);
    }
    own.version += 1;
    for (const wake of own.waiting) wake();
  }
  own.recording = null;
}

async function recordGroup({ db, clock, log }: WireDeps, tenantId: TenantId, group: readonly AttemptRecord[], own: Traffic): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const disabled = await db.asTenant(tenantId, async (tx) => {
        const now = clock.now();
        const done = await recordAttempts(tx, tenantId, group, now);
        // No turn of this process will look when they are due: the next one has to be told of it.
        if (own.turns === 0 && group.some(({ nextAt }) => nextAt !== null)) await notifyLane(tx, tenantId, WEBHOOKS_LANE, now);
        return done;
      });
      for (const endpointId of disabled) log.warn({ tenantId, endpointId }, 'a webhook endpoint was disabled: it is gone, or has failed for days');
      return;
    } catch (error) {
      if (tries < RECORD_TRIES) {
        await pause(RECORD_AGAIN_MS, new AbortController().signal);
        continue;
      }
      log.warn({ err: error, tenantId, deliveries: group.length }, 'tries of webhooks could not be recorded; they are sent again when their lease ends');
      return;
    }
  }
}
