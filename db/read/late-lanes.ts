import type { TenantId } from '../../src/domain/ids.ts';
import { WEBHOOKS_LANE } from '../../src/domain/webhook/lane.ts';
import type { Database, Sql } from '../client.ts';

export type LaneName = { tenantId: TenantId; lane: string };

/** A claim that is open for longer than any turn: its sender is gone. */
const CLAIM_OVERDUE_MS = 3 * 60_000;

/**
 * Lanes (of all tenants, relay role) in which something was due before `lateSince` that nothing holds, something held has
 * expired, a claim was left open, or a webhook is late. A lane that a breaker or a send rate holds, or held till after `lateSince`, is not late: its sender sleeps that long.
 */
export async function lateLanes(db: Database, lateSince: number): Promise<LaneName[]> {
  const rows = await db.sql<LaneName[]>`
    select distinct q.tenant_id as "tenantId", q.lane
    from batch_lanes q
    join invite_batches b on b.id = q.batch_id
    join programs p on p.id = b.program_id
    join tenants t on t.id = q.tenant_id
    left join hard_stops h on h.tenant_id = q.tenant_id and h.channel = q.channel
    where q.next_due_at < ${lateSince}
      and ((p.paused_at is null and t.paused_at is null and h.tenant_id is null and not ${heldFor(db.sql, lateSince)}) or b.expires_at < ${lateSince})
    union
    select distinct a.tenant_id, a.lane from attempts a
    where a.closed_at is null and a.fenced_at is null and a.claimed_at < ${lateSince - CLAIM_OVERDUE_MS}
    union
    select distinct w.tenant_id, ${WEBHOOKS_LANE} from webhook_deliveries w where w.due_at < ${lateSince}`;
  return [...rows];
}

/** Of a lane `q`: does its own send rate hold it after `at`, or the breaker of a provider of its channel? */
export function heldFor(sql: Sql, at: number) {
  return sql`(exists (select from lanes l where l.tenant_id = q.tenant_id and l.lane = q.lane and l.held_until > ${at})
    or exists (select from breakers k where k.opened_at is not null and k.open_until > ${at} and split_part(k.provider, ':', 1) = q.channel))`;
}
