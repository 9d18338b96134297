import type { Sql } from '../client.ts';
import { heldFor, type LaneName } from './late-lanes.ts';

/** A lane in which something is due that nothing holds: since when (epoch ms), and in how many batches. */
export type OverdueLane = LaneName & { dueSince: number; batches: number };

/** Lanes of all tenants (as the relay) with something unheld due before `before`, the latest first. */
export async function overdueLanes(relay: Sql, before: number): Promise<OverdueLane[]> {
  const rows = await relay<OverdueLane[]>`
    select q.tenant_id as "tenantId", q.lane, min(q.next_due_at) as "dueSince", count(*)::int as batches
    from batch_lanes q
    join invite_batches b on b.id = q.batch_id
    join programs p on p.id = b.program_id
    join tenants t on t.id = q.tenant_id
    left join hard_stops h on h.tenant_id = q.tenant_id and h.channel = q.channel
    where q.next_due_at < ${before}
      and ((p.paused_at is null and t.paused_at is null and h.tenant_id is null and not ${heldFor(relay, before)}) or b.expires_at < ${before})
    group by q.tenant_id, q.lane order by min(q.next_due_at), q.tenant_id, q.lane`;
  return [...rows];
}

/** Tenants that send nothing because they are paused, and channels that are stopped (as the relay). */
export async function holdsInForce(relay: Sql): Promise<{ tenantsPaused: number; programsPaused: number; hardStops: number }> {
  const [row] = await relay<{ tenantsPaused: number; programsPaused: number; hardStops: number }[]>`
    select (select count(*)::int from tenants where paused_at is not null) as "tenantsPaused",
           (select count(*)::int from programs where paused_at is not null) as "programsPaused",
           (select count(*)::int from hard_stops) as "hardStops"`;
  return row ?? { tenantsPaused: 0, programsPaused: 0, hardStops: 0 };
}
