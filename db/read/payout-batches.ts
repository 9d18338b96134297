import type { MemberId, PayoutBatchId, TenantId } from '../../src/domain/ids.ts';
import type { BatchState, PayoutState } from '../../src/domain/payout/payout-state.ts';
import type { Tx } from '../client.ts';

/** How many payouts of a batch stand so, and what they pay. */
export type StateSum = { readonly state: PayoutState; readonly payouts: number; readonly paidMinor: number };

export type BatchView = {
  id: PayoutBatchId;
  unit: string;
  cutOff: number;
  minimumMinor: number;
  state: BatchState;
  createdAt: number;
  createdBy: string;
  decidedAt: number | null;
  decidedBy: string | null;
  payouts: readonly StateSum[];
  excluded: readonly { readonly memberId: MemberId; readonly externalId: string; readonly reason: string | null }[];
};

export async function readBatch(tx: Tx, tenantId: TenantId, id: PayoutBatchId): Promise<BatchView | null> {
  const [row] = await tx.sql<BatchView[]>`${selectBatches(tx, tenantId)} and b.id = ${id}`;
  return row ?? null;
}

/** Batches, newest first, after (older than) an id. */
export async function listBatches(tx: Tx, tenantId: TenantId, { after, limit }: { after: string | null; limit: number }): Promise<BatchView[]> {
  return tx.sql<BatchView[]>`${selectBatches(tx, tenantId)} ${after === null ? tx.sql`` : tx.sql`and b.id < ${after}`} order by b.id desc limit ${limit}`;
}

function selectBatches(tx: Tx, tenantId: TenantId) {
  return tx.sql`
    select b.id, b.unit, b.cut_off as "cutOff", b.minimum_minor as "minimumMinor", b.state, b.created_at as "createdAt", b.created_by as "createdBy", b.decided_at as "decidedAt", b.decided_by as "decidedBy",
      coalesce((select jsonb_agg(jsonb_build_object('state', s.state, 'payouts', s.payouts, 'paidMinor', s.paid_minor) order by s.state) from (
        select p.state, count(*) as payouts, sum(p.rewards_minor - p.netted_minor) as paid_minor from payouts p where p.tenant_id = ${tenantId} and p.batch_id = b.id group by p.state) s), '[]') as payouts,
      coalesce((select jsonb_agg(jsonb_build_object('memberId', e.member_id, 'externalId', m.external_id, 'reason', e.reason) order by e.member_id)
        from payout_exclusions e join members m on m.tenant_id = e.tenant_id and m.id = e.member_id where e.batch_id = b.id), '[]') as excluded
    from payout_batches b where b.tenant_id = ${tenantId}`;
}
