import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Until this transaction's end nobody else adds a line to this tenant's graph of who brought whom, or moves one. Taken before payments are locked. */
export async function lockReferralGraph(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`referral-graph ${tenantId}`}, 0))`;
}

/**
 * Until this transaction's end no credit is decided, so that a means of payment that is learnt here is known to whoever decides next, and
 * what was decided before is seen here. Those who only learn do not wait for each other. Taken where the graph would be.
 */
export async function holdReferralGraph(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock_shared(hashtextextended(${`referral-graph ${tenantId}`}, 0))`;
}
