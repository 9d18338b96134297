import type { Tx } from '../client.ts';

/** No statement of this transaction waits longer than so for one lock; null: as long as the process has it (patience.ts). Sent with the next statement. */
export function limitLockWaits(tx: Tx, longestMs: number | null): void {
  if (longestMs !== null) tx.answerLater(tx.sql`select set_config('lock_timeout', ${String(longestMs)}, true)`);
}
