import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { BillingOutcome } from '../schema/billing.ts';

/** What became of one event of a billing vendor. Instants in epoch ms. */
export type BillingEventView = { eventId: string; type: string; outcome: BillingOutcome; reason: string | null; receivedAt: number };

/** Where a page ends: instant (epoch ms) and id of its last event. */
export type BillingPlace = { receivedAt: number; eventId: string };

/** What a billing vendor told the tenant, newest first, after (older than) a place; all of it, or what ended in one way. */
export async function listBillingEvents({ sql }: Tx, tenantId: TenantId, page: { after: BillingPlace | null; limit: number; outcome: BillingOutcome | undefined }): Promise<BillingEventView[]> {
  const { after, limit, outcome } = page;
  return sql<BillingEventView[]>`
    select event_id as "eventId", type, outcome, reason, received_at as "receivedAt" from billing_events
    where tenant_id = ${tenantId}
      ${outcome === undefined ? sql`` : sql`and outcome = ${outcome}`}
      ${after === null ? sql`` : sql`and (received_at, event_id) < (${after.receivedAt}::timestamptz, ${after.eventId})`}
    order by received_at desc, event_id desc limit ${limit}`;
}
