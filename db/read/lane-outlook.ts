import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { Channel } from '../../src/domain/message/channel.ts';

/** What a lane has before it, as its sender sees it and ops read it in the Temporal UI. Instants are epoch ms. */
export type LaneOutlook = {
  /** When the first thing is due that nothing holds; for what is held, its expiry. null: nothing waits. */
  nextAt: number | null;
  /** Batches with something to come, counted up to OUTLOOK_COUNTS. */
  openBatches: number;
  heldBatches: number;
  /** Why something is held; null where nothing is. */
  heldBy: string | null;
};

export const OUTLOOK_COUNTS = 1000;

/** Reads a lane's outlook from its batch rows, in the order of the due index; counts stop at OUTLOOK_COUNTS. */
export async function laneOutlook(tx: Tx, lane: { tenantId: TenantId; lane: string; channel: Channel }): Promise<LaneOutlook> {
  const [row] = await tx.sql<LaneOutlook[]>`
    with hold as materialized (
      select case when t.paused_at is not null then 'the tenant is paused'
                  when h.channel is not null then 'hard stop of ' || h.channel end as all_held_by
      from tenants t left join hard_stops h on h.tenant_id = t.id and h.channel = ${lane.channel}
      where t.id = ${lane.tenantId}
    ), free as (
      select q.next_due_at from batch_lanes q join invite_batches b on b.id = q.batch_id join programs p on p.id = b.program_id
      where q.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane} and q.next_due_at is not null
        and p.paused_at is null and (select all_held_by from hold) is null
      order by q.next_due_at limit 1
    ), held as (
      select b.expires_at, q.next_due_at, coalesce((select all_held_by from hold), 'program ' || p.id || ' is paused') as held_by
      from batch_lanes q join invite_batches b on b.id = q.batch_id join programs p on p.id = b.program_id
      where q.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane} and q.next_due_at is not null
        and (p.paused_at is not null or (select all_held_by from hold) is not null)
      limit ${OUTLOOK_COUNTS}
    )
    select least((select next_due_at from free), (select min(greatest(expires_at, next_due_at)) from held)) as "nextAt",
           (select count(*)::int from (select 1 from batch_lanes q where q.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane}
              and q.next_due_at is not null limit ${OUTLOOK_COUNTS}) as open) as "openBatches",
           (select count(*)::int from held) as "heldBatches", (select min(held_by) from held) as "heldBy"`;
  return row ?? { nextAt: null, openBatches: 0, heldBatches: 0, heldBy: null };
}

/** Has a lane anything that is due now, held or not? */
export async function laneIsDue(tx: Tx, lane: { tenantId: TenantId; lane: string }, now: number): Promise<boolean> {
  const [row] = await tx.sql<{ due: boolean }[]>`
    select exists (select from batch_lanes where tenant_id = ${lane.tenantId} and lane = ${lane.lane} and next_due_at <= ${now}) as due`;
  return row?.due === true;
}
