import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** What of one lane Temporal has still to be told; the oldest row's instant in epoch ms. */
export type OutboxLane = { tenantId: TenantId; lane: string; waiting: number; oldestAt: number };

/** The outbox by lane (as the relay), the one that waits longest first. */
export async function outboxWaiting(relay: Sql): Promise<OutboxLane[]> {
  const rows = await relay<OutboxLane[]>`
    select tenant_id as "tenantId", lane, count(*)::int as waiting, min(created_at) as "oldestAt" from outbox group by tenant_id, lane order by min(created_at), tenant_id, lane`;
  return [...rows];
}
