import type { BatchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/**
 * Sets in each lane of the batches when the first of their unclaimed invites is due. Call it in the transaction that
 * changed a due_at, after having locked the batch rows (`lockBatches`).
 */
export async function refreshNextDue(tx: Tx, batchIds: readonly BatchId[]): Promise<void> {
  if (batchIds.length === 0) return;
  tx.answerLater(tx.sql`
    update batch_lanes q set next_due_at = d.at
    from (
      select l.batch_id, l.channel, (
        select min(i.due_at) from invites i where i.batch_id = l.batch_id and i.channel = l.channel and (i.attempt_id is null or i.state = 'unknown')) as at
      from batch_lanes l where l.batch_id = any(${[...new Set(batchIds)]}::text[])
    ) d
    where q.batch_id = d.batch_id and q.channel = d.channel and q.next_due_at is distinct from d.at`);
}

/** Locks batch rows in the order of their ids, so that two who change the same batches never wait for each other in a ring. */
export async function lockBatches(tx: Tx, batchIds: readonly BatchId[]): Promise<void> {
  if (batchIds.length === 0) return;
  await tx.sql`select 1 from invite_batches where id = any(${[...new Set(batchIds)]}::text[]) order by id for no key update`;
}
