import type { Tx } from '../client.ts';

/**
 * What this transaction writes for later (batches, outbox rows) belongs to this trace: their column `traceparent` takes it
 * by itself (migration 0023). Null, the usual case: nothing is done. Call it first: it leaves together with the next statement.
 */
export function carryTrace(tx: Tx, traceparent: string | null): void {
  if (traceparent === null) return;
  // A failure is the transaction's, which hears of it.
  tx.sql`select set_config('flywheel.traceparent', ${traceparent}, true)`.execute().catch(() => {});
}
