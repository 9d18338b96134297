import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Who served a lane last. `servedAt` in epoch ms; `clockSkewMs`: how far that machine's clock was ahead of the database's. Null: not known. */
export type LaneService = { tenantId: TenantId; lane: string; epoch: number; servedBy: string | null; servedAt: number | null; clockSkewMs: number | null };

/** The lanes of this transaction's tenant. */
export async function laneServices({ sql }: Tx): Promise<LaneService[]> {
  const rows = await sql<LaneService[]>`
    select tenant_id as "tenantId", lane, epoch, served_by as "servedBy", served_at as "servedAt", clock_skew_ms as "clockSkewMs"
    from lanes where tenant_id = current_tenant() order by lane`;
  return [...rows];
}
