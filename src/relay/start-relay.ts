import { Client, Connection } from '@temporalio/client';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import type { Env } from '../config/env.ts';
import { temporalConnection } from '../config/temporal.ts';
import { serveHealth } from '../telemetry/health-port.ts';
import { clockMetrics } from '../telemetry/metrics/clock-metrics.ts';
import { openPulse } from '../telemetry/pulse.ts';
import { watchRelay } from '../telemetry/relay-watch.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { withinDeadline } from './deadline.ts';
import { ensureSchedules } from './ensure-schedules.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { startRelay } from './relay.ts';

export type RelaySettings = Pick<Env, 'DATABASE_RELAY_URL' | 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY' | 'HEALTH_PORT'>;

/** Each call to Temporal is given up after ten seconds and no piece of work makes many in a row: nothing for a minute means stuck. */
const LONGEST_SILENCE_MS = 60_000;

/** Connects the relay as its own database role. Temporal may be away: the connection is made when first needed. */
export async function startRelayProcess(env: RelaySettings, telemetry: Omit<Telemetry, 'close'>): Promise<{ stop(): Promise<void> }> {
  const { log, registry } = telemetry;
  const watch = watchRelay(telemetry);
  const db = openDatabase({ url: env.DATABASE_RELAY_URL, role: 'flywheel_relay', max: 4, name: 'flywheel relay' });
  const clock = await openDatabaseClock(db.sql);
  clockMetrics(registry, clock);
  const connection = Connection.lazy(temporalConnection(env));
  const pulse = openPulse(LONGEST_SILENCE_MS);
  const relay = await startRelay({
    db, clock, log, watch,
    onProgress() {
      pulse.beat();
      watch.metrics.progressed();
    },
    client: new Client({ connection, namespace: env.TEMPORAL_NAMESPACE }),
    prepareTemporal: () => withinDeadline(connection, async () => {
      await ensureSearchAttributes(connection, env.TEMPORAL_NAMESPACE, log);
      await ensureSchedules(connection, env.TEMPORAL_NAMESPACE, log);
    }),
  });
  const health = await serveHealth(env.HEALTH_PORT, () => (pulse.isLate() ? 'the relay has finished nothing for a minute' : null));
  return {
    /** Finishes what it is handing over. */
    async stop() {
      await relay.stop();
      clock.close();
      await connection.close();
      await db.close();
      await health.close();
    },
  };
}
