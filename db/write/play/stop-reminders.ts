import type { BatchId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { closeInvites } from '../close-invites.ts';

/** Who plays is not reminded to: the invite whose link this is, if it is one's, keeps its course, and nothing follows it. Locks its batch. */
export async function stopReminders(tx: Tx, tenantId: TenantId, code: string): Promise<void> {
  const invites = await tx.sql<{ batchId: BatchId; n: number }[]>`
    select l.batch_id as "batchId", l.n from links l join invites i on i.batch_id = l.batch_id and i.n = l.n
    where l.tenant_id = ${tenantId} and l.code = ${code} and i.state = 'handed_off'`;
  await closeInvites(tx, tenantId, invites, { state: 'canceled', reason: null, stop: 'canceled' });
}
