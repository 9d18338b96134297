import type { TenantId } from '../../src/domain/ids.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { Tx } from '../client.ts';

/** So many in one answer; who gets as many asks again. */
export const FACTS_A_LOOK = 500;

/**
 * What a run was told since it was opened and does not know yet, the first told first, of any kind or of these. What an earlier life was
 * told is not among it, unless that life never ended.
 */
export async function factsNotSeen(tx: Tx, { tenantId, runId, seen, kinds }: { tenantId: TenantId; runId: string; seen: readonly string[]; kinds?: readonly string[] }): Promise<ToldFact[]> {
  return tx.sql<ToldFact[]>`
    select f.fact_id as id, f.kind, f.data, f.at from run_facts f join runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
    where f.tenant_id = ${tenantId} and f.run_id = ${runId} and f.recorded_at >= r.opened_at and not f.fact_id = any(${[...seen]}::text[])
      ${kinds === undefined ? tx.sql`` : tx.sql`and f.kind = any(${[...kinds]}::text[])`}
    order by f.recorded_at, f.fact_id limit ${FACTS_A_LOOK}`;
}
