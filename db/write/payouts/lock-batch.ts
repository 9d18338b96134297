import type { PayoutBatchId, TenantId } from '../../../src/domain/ids.ts';
import type { BatchState } from '../../../src/domain/payout/payout-state.ts';
import type { Tx } from '../../client.ts';

export type LockedBatch = { readonly id: PayoutBatchId; readonly unit: string; readonly minimumMinor: number; readonly state: BatchState };

/** Whoever decides about a batch comes one after the other. Locked before anything of its payouts. */
export async function lockBatch(tx: Tx, { tenantId, batchId }: { tenantId: TenantId; batchId: PayoutBatchId }): Promise<LockedBatch | null> {
  const [batch] = await tx.sql<LockedBatch[]>`
    select id, unit, minimum_minor as "minimumMinor", state from payout_batches where tenant_id = ${tenantId} and id = ${batchId} for no key update`;
  return batch ?? null;
}
