import type { BatchId, ProgramId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Why a message does not leave though its invite is open; the first that applies. */
export const HELD_REASONS = ['tenant_paused', 'hard_stop', 'program_paused', 'stale', 'unknown'] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/** Messages of one lane and program held for one reason: how many, how many of them past their time, since when, and the first few. */
export type HeldMessages = {
  lane: string;
  programId: ProgramId;
  reason: HeldReason;
  /** What somebody wrote beside a hard stop. */
  note: string | null;
  messages: number;
  overdue: number;
  /** When the hold was set; for `unknown`, when the first hand-off became so; epoch ms. Null where nothing says. */
  since: number | null;
  first: { batchId: BatchId; n: number }[];
};

/**
 * What this transaction's tenant has held at `now`: everything under a pause or a hard stop, rows to be planned again, and
 * hand-offs of which nobody knows what became. `first`: how many of each to name.
 */
export async function heldMessages({ sql }: Tx, { now, first }: { now: number; first: number }): Promise<HeldMessages[]> {
  const rows = await sql<HeldMessages[]>`
    with open as (
      select q.lane, b.program_id, i.batch_id, i.n, i.due_at, t.paused_at as tenant_since, h.since as stop_since, h.reason as stop_note, p.paused_at as program_since,
             case when i.state = 'unknown' then 'unknown'
                  when i.step is null then null
                  when t.paused_at is not null then 'tenant_paused'
                  when h.channel is not null then 'hard_stop'
                  when p.paused_at is not null then 'program_paused'
                  when i.stale then 'stale' end as reason
      from batch_lanes q
      join invite_batches b on b.id = q.batch_id
      join invites i on i.batch_id = q.batch_id and i.channel = q.channel
      join programs p on p.id = b.program_id
      join tenants t on t.id = b.tenant_id
      left join hard_stops h on h.tenant_id = b.tenant_id and h.channel = q.channel
      where q.tenant_id = current_tenant() and q.next_due_at is not null and i.due_at is not null
    ), held as (
      select *, row_number() over (partition by lane, program_id, reason order by due_at, batch_id, n) as place from open where reason is not null
    )
    select lane, program_id as "programId", reason, min(stop_note) filter (where reason = 'hard_stop') as note, count(*)::int as messages,
           (count(*) filter (where due_at < ${now} and reason <> 'unknown'))::int as overdue,
           case reason when 'tenant_paused' then min(tenant_since) when 'hard_stop' then min(stop_since) when 'program_paused' then min(program_since)
             when 'unknown' then (select min(m.recorded_at) from messages m where m.state = 'unknown' and (m.batch_id, m.n) in (select u.batch_id, u.n from held u where u.reason = 'unknown')) end as since,
           coalesce(jsonb_agg(jsonb_build_object('batchId', batch_id, 'n', n) order by place) filter (where place <= ${first}), '[]') as first
    from held group by lane, program_id, reason order by lane, reason, program_id`;
  return [...rows];
}

/** Hand-offs of this transaction's tenant of which nobody knows what became: how many, and since when the oldest (epoch ms). */
export async function unknownHandOffs({ sql }: Tx): Promise<{ count: number; oldestAt: number | null }> {
  const [row] = await sql<{ count: number; oldestAt: number | null }[]>`
    select count(*)::int as count, min(m.recorded_at) as "oldestAt"
    from batch_lanes q join invites i on i.batch_id = q.batch_id and i.channel = q.channel left join messages m on m.batch_id = i.batch_id and m.n = i.n and m.state = 'unknown'
    where q.tenant_id = current_tenant() and q.next_due_at is not null and i.state = 'unknown'`;
  return row ?? { count: 0, oldestAt: null };
}
