import type { Tx } from '../client.ts';

/**
 * From here to the transaction's end no table is read from end to end where a key leads to what is wanted, checks of references
 * included. Whoever plans a statement while a table is small, and keeps the plan, would else read all of it for each row when it has grown:
 * until the table is analyzed again, which a burst does not wait for. Sent with the next statement.
 */
export function findByKeys(tx: Tx): void {
  tx.answerLater(tx.sql`select set_config('enable_seqscan', 'off', true)`);
}

/**
 * The same, and what an index has in its order is read from there, as many rows as are wanted, and not all of it gathered and sorted: which
 * is what a plan made for a small table does. Sent with the next statement.
 */
export function findByKeysInOrder(tx: Tx): void {
  tx.answerLater(tx.sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`);
}
