import type { BatchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/**
 * Sets each batch's next_due_at to the minimum of its unclaimed invites. Call it in the transaction that changed a due_at,
 * after having locked the batch rows (`lockBatches`).
 */
export async function refreshNextDue(tx: Tx, batchIds: readonly BatchId[]): Promise<void> {
  if (batchIds.length === 0) return;
  await tx.sql`
    update invite_batches b set next_due_at = (
      select min(i.due_at) from invites i where i.batch_id = b.id and (i.attempt_id is null or i.state = 'unknown'))
    where b.id = any(${[...new Set(batchIds)]}::text[])`;
}

/** Locks batch rows in the order of their ids, so that two who change the same batches never wait for each other in a ring. */
export async function lockBatches(tx: Tx, batchIds: readonly BatchId[]): Promise<void> {
  if (batchIds.length === 0) return;
  await tx.sql`select 1 from invite_batches where id = any(${[...new Set(batchIds)]}::text[]) order by id for no key update`;
}
