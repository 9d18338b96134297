import { Client, Connection } from '@temporalio/client';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import type { Env } from '../config/env.ts';
import { temporalConnection } from '../config/temporal.ts';
import type { Logger } from '../telemetry/logger.ts';
import { withinDeadline } from './deadline.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { startRelay } from './relay.ts';

export type RelaySettings = Pick<Env, 'DATABASE_URL' | 'DATABASE_RELAY_URL' | 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY'>;

/** Connects the relay as its own database role. Temporal may be away: the connection is made when first needed. */
export async function startRelayProcess(env: RelaySettings, log: Logger): Promise<{ stop(): Promise<void> }> {
  const db = openDatabase({ url: env.DATABASE_RELAY_URL ?? env.DATABASE_URL, role: 'flywheel_relay', max: 4, name: 'flywheel relay' });
  const clock = await openDatabaseClock(db.sql);
  const connection = Connection.lazy(temporalConnection(env));
  const relay = await startRelay({
    db, clock, log,
    client: new Client({ connection, namespace: env.TEMPORAL_NAMESPACE }),
    prepareTemporal: () => withinDeadline(connection, () => ensureSearchAttributes(connection, env.TEMPORAL_NAMESPACE, log)),
  });
  return {
    async stop() {
      await relay.stop();
      clock.close();
      await connection.close();
      await db.close();
    },
  };
}
