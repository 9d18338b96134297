import type { Tx } from '../client.ts';
import { IDEMPOTENCY_KEPT_MS } from './idempotency.ts';

/** Removes the tenant's answers that are older than seven days, at most `limit` of them; answers how many. */
export async function purgeIdempotency(tx: Tx, now: number, limit = 10_000): Promise<number> {
  const removed = await tx.sql`
    delete from idempotency where ctid = any(array(
      select ctid from idempotency where created_at <= ${now - IDEMPOTENCY_KEPT_MS} limit ${limit}))`;
  return removed.count;
}
