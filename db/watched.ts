import type { DatabaseWatch } from '../src/telemetry/metrics/database-metrics.ts';
import type { Database } from './client.ts';

/** The same database; `watch` is told of each transaction of a tenant: when it is asked for, has begun, is over. */
export function watched(db: Database, watch: DatabaseWatch): Database {
  return {
    ...db,
    async asTenant(tenantId, work) {
      const askedAtMs = performance.now();
      let hasBegun = false;
      watch.asked();
      try {
        return await db.asTenant(tenantId, (tx) => {
          // A deadlock's victim begins again.
          if (!hasBegun) watch.begun(performance.now() - askedAtMs);
          hasBegun = true;
          return work(tx);
        });
      } finally {
        watch.ended();
      }
    },
  };
}
