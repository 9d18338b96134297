import type { TenantId } from '../../src/domain/ids.ts';
import type { Database } from '../client.ts';

export type LaneName = { tenantId: TenantId; lane: string };

/** A claim that is open for longer than any turn: its sender is gone. */
const CLAIM_OVERDUE_MS = 3 * 60_000;

/**
 * Lanes (of all tenants, relay role) in which something was due before `lateSince` that nothing holds, something held has
 * expired, or a claim was left open.
 */
export async function lateLanes(db: Database, lateSince: number): Promise<LaneName[]> {
  const rows = await db.sql<LaneName[]>`
    select distinct b.tenant_id as "tenantId", b.lane
    from invite_batches b
    join programs p on p.id = b.program_id
    join tenants t on t.id = b.tenant_id
    left join hard_stops h on h.tenant_id = b.tenant_id and h.channel = b.channel
    where b.next_due_at < ${lateSince}
      and ((p.paused_at is null and t.paused_at is null and h.tenant_id is null) or b.expires_at < ${lateSince})
    union
    select distinct a.tenant_id, a.lane from attempts a
    where a.closed_at is null and a.fenced_at is null and a.claimed_at < ${lateSince - CLAIM_OVERDUE_MS}`;
  return [...rows];
}
