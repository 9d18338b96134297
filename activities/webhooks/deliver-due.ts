import { Context } from '@temporalio/activity';
import type { Database } from '../../db/client.ts';
import type { Clock } from '../../db/clock.ts';
import { nextDeliveryAt } from '../../db/read/webhooks.ts';
import { claimDeliveries } from '../../db/write/webhooks/claim-deliveries.ts';
import { asId, type TenantId } from '../../src/domain/ids.ts';
import { WEBHOOKS_LANE } from '../../src/domain/webhook/lane.ts';
import type { LaneListener } from '../lanes/lane-listener.ts';
import type { WebhookWire } from './webhook-wire.ts';

/**
 * What one turn did, and how long until it should be asked again: 0 at once, null when nothing waits. Ids and figures only: it stands
 * in the history.
 */
export type DeliverReport = { sent: number; onTheWire: number; nextInMs: number | null };

export type DeliverDeps = {
  db: Database;
  clock: Pick<Clock, 'now'>;
  listener: LaneListener;
  /** Aborts when the worker drains: claim no more. */
  draining: AbortSignal;
  wire: WebhookWire;
  /** Is there room to wait idly on this worker? */
  hasFreeSlots(): boolean;
  /** Begins one of the turns of this kind that a worker takes at once; null: it has as many as it may. */
  beginWebhookTurn(): (() => void) | null;
};

/** On the wire to one endpoint at once: one that hangs holds up its own deliveries, and no other's. */
const PLACES_AN_ENDPOINT = 5;
/** Longer than a try takes with its record: what is claimed for longer had a worker that is gone. */
const LEASE_MS = 45_000;
/** A turn gives its slot back after this long, whatever is on the wire. */
const TURN_MS = 8_000;
/** An idle turn waits this long for more, so that many small changes share one wake. */
const LINGER_MS = 2_000;
const HEARTBEAT_MS = 1_000;
/** Where a worker has no place for this turn, it is asked for again after this long. */
const NO_PLACE_MS = 3_000;

type Turn = { readonly deps: DeliverDeps; readonly tenantId: TenantId; readonly signal: AbortSignal; sent: number };

/**
 * Sends what is due to a tenant's endpoints until nothing is or its turn is over: claim under a lease, post outside any transaction,
 * record. Killed in between, what was claimed is due again when its lease ends: an endpoint may get an event twice, with the same id.
 * Throws only for what a later try may mend.
 */
export async function deliverDue(deps: DeliverDeps, input: { tenantId: string }): Promise<DeliverReport> {
  const context = Context.current();
  const tenantId = asId('tnt', input.tenantId);
  const end = deps.beginWebhookTurn();
  if (end === null) return reportOf({ deps, tenantId, sent: 0 }, NO_PLACE_MS);
  const heartbeat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  const leave = deps.wire.enter(tenantId);
  const turn: Turn = { deps, tenantId, signal: AbortSignal.any([context.cancellationSignal, deps.draining]), sent: 0 };
  try {
    await sendWhileDue(turn);
    return await reportOf(turn, 0);
  } finally {
    clearInterval(heartbeat);
    leave();
    end();
  }
}

async function sendWhileDue(turn: Turn): Promise<void> {
  const { deps: { db, clock, listener, wire, hasFreeSlots }, tenantId, signal } = turn;
  const name = `${tenantId}/${WEBHOOKS_LANE}`;
  const turnEndsMs = performance.now() + TURN_MS;
  let lingerEndsMs = performance.now() + LINGER_MS;
  while (!signal.aborted && performance.now() < turnEndsMs) {
    const seen = { lane: listener.version(name), wire: wire.version(tenantId) };
    const { claimed, nextAt } = await db.asTenant(tenantId, async (tx) => ({
      claimed: await claimDeliveries(tx, { tenantId, placesAnEndpoint: PLACES_AN_ENDPOINT, onTheWire: wire.onTheWire(tenantId), leaseMs: LEASE_MS, now: clock.now() }),
      nextAt: await nextDeliveryAt(tx, tenantId),
    }));
    wire.send(tenantId, claimed);
    turn.sent += claimed.length;
    if (claimed.length > 0) lingerEndsMs = performance.now() + LINGER_MS;
    const isBusy = wire.onTheWire(tenantId).size > 0;
    if (!isBusy && !hasFreeSlots()) return;
    const idleMs = (isBusy ? turnEndsMs : Math.min(lingerEndsMs, turnEndsMs)) - performance.now();
    if (idleMs <= 0) return;
    // What is due and was not claimed waits for a place, which the wire tells of.
    const untilDueMs = nextAt === null || nextAt <= clock.now() ? Number.POSITIVE_INFINITY : nextAt - clock.now();
    await untilSomethingHappens(turn, { name, seen, waitMs: Math.min(idleMs, untilDueMs) });
  }
}

/** Waits for the tenant's lane to move, a try to be recorded, or `waitMs`. */
async function untilSomethingHappens({ deps, tenantId, signal }: Turn, { name, seen, waitMs }: { name: string; seen: { lane: number; wire: number }; waitMs: number }): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([deps.listener.moved(name, seen.lane, waitMs, either), deps.wire.moved(tenantId, seen.wire, either)]);
  } finally {
    over.abort();
  }
}

/** While something is on the wire the next turn follows at once: it knows how many places are left. */
async function reportOf({ deps: { db, clock, wire }, tenantId, sent }: Pick<Turn, 'deps' | 'tenantId' | 'sent'>, leastMs: number): Promise<DeliverReport> {
  const onTheWire = [...wire.onTheWire(tenantId).values()].reduce((sum, count) => sum + count, 0);
  const nextAt = await db.asTenant(tenantId, (tx) => nextDeliveryAt(tx, tenantId));
  if (onTheWire > 0) return { sent, onTheWire, nextInMs: leastMs };
  return { sent, onTheWire, nextInMs: nextAt === null ? null : Math.max(leastMs, nextAt - clock.now()) };
}
