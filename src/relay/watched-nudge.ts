import type { Client } from '@temporalio/client';
import type { Database } from '../../db/client.ts';
import type { LaneName } from '../../db/read/late-lanes.ts';
import { outboxTraces } from '../../db/read/outbox-traces.ts';
import type { RelayWatch } from '../telemetry/relay-watch.ts';
import { NO_SPAN } from '../telemetry/tracing/tracing.ts';
import { nudgeSender } from './nudge-sender.ts';

export type NudgeCause = 'outbox' | 'sweep';
type Deps = { readonly db: Database; readonly client: Client; readonly watch?: RelayWatch };

/** The traces to go on with, by lane. Of the outbox only, and only where traces are recorded; trouble with them holds up nothing. */
export async function tracesOf({ db, watch }: Deps, lanes: readonly LaneName[], cause: NudgeCause): Promise<(lane: LaneName) => readonly string[]> {
  if (watch?.tracing.isOn !== true || cause !== 'outbox') return () => [];
  const found = await outboxTraces(db.sql, lanes).catch(() => []);
  return ({ tenantId, lane }) => found.flatMap((row) => (row.lane.tenantId === tenantId && row.lane.lane === lane ? [row.traceparent] : []));
}

/** Nudges a lane's sender and tells how that went; a span of it goes on from the oldest of the `traces` and links the others. */
export async function watchedNudge({ client, watch }: Deps, lane: LaneName, cause: NudgeCause, [parent, ...links]: readonly string[]): Promise<void> {
  if (watch === undefined) return nudgeSender(client, lane);
  const { metrics, tracing } = watch;
  const startedAtMs = performance.now();
  const span = parent === undefined ? NO_SPAN
    : tracing.start('nudge', { kind: 'producer', parent, links, attributes: { 'flywheel.tenant_id': lane.tenantId, 'flywheel.lane': lane.lane } });
  try {
    await nudgeSender(client, lane);
    metrics.nudged(cause, 'told', performance.now() - startedAtMs);
  } catch (error) {
    metrics.nudged(cause, 'failed', performance.now() - startedAtMs);
    span.fail('not_told');
    throw error;
  } finally {
    span.end();
  }
}
