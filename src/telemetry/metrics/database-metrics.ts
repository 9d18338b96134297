import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

export type DatabaseWatch = {
  /** A transaction was asked for. */
  asked(): void;
  /** It got a connection and has begun, after so long. */
  begun(afterMs: number): void;
  /** It is over, well or badly. */
  ended(): void;
};

const WAIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How many transactions want a connection of the pool, and how long they wait for one. */
export function databaseMetrics(registry: Registry, connections: number): DatabaseWatch {
  new Gauge({ name: 'flywheel_database_pool_connections', help: 'Connections the pool may have.', registers: [registry] }).set(connections);
  const open = new Gauge({ name: 'flywheel_database_transactions_open', help: 'Transactions that run or wait for a connection: more than the pool has wait.', registers: [registry] });
  const waited = new Histogram({ name: 'flywheel_database_wait_seconds', help: 'From asking for a transaction until it has begun.', buckets: WAIT_BUCKETS, registers: [registry] });
  return {
    asked: () => { open.inc(); },
    begun: (afterMs) => { waited.observe(afterMs / 1000); },
    ended: () => { open.dec(); },
  };
}
