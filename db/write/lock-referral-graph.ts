import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Until this transaction's end nobody else adds a line to this tenant's graph of who brought whom, or moves one. Taken before payments are locked. */
export async function lockReferralGraph(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`referral-graph ${tenantId}`}, 0))`;
}
