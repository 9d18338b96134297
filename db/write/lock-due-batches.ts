import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

type LaneName = { tenantId: TenantId; lane: string };

/** Batches looked at for one group at most: enough for groups made of requests with a single invitee. */
export const BATCHES_A_CLAIM = 128;

/** `ids` in their order; `due`: how many batches have something due, counted up to BATCHES_A_CLAIM. */
export type DueBatches = { ids: readonly BatchId[]; due: number };

/**
 * Locks up to `most` of the first batches with something due that nothing holds. Those that somebody else has are passed
 * over, so that groups of several requests are claimed and recorded side by side; where others have them all it waits for one.
 */
export async function lockDueBatches(tx: Tx, lane: LaneName, most: number, now: number): Promise<DueBatches> {
  const free = await lockOf(tx, lane, now, tx.sql`limit ${most} for no key update skip locked`);
  return free.due > 0 && free.ids.length === 0 ? lockOf(tx, lane, now, tx.sql`limit 1 for no key update`) : free;
}

async function lockOf(tx: Tx, lane: LaneName, now: number, free: ReturnType<Tx['sql']>): Promise<DueBatches> {
  const [row] = await tx.sql<{ ids: BatchId[] | null; due: number }[]>`
    with due as materialized (
      select b.id from batch_lanes q join invite_batches b on b.id = q.batch_id join programs p on p.id = b.program_id join tenants t on t.id = q.tenant_id
      where q.tenant_id = ${lane.tenantId} and q.lane = ${lane.lane} and q.next_due_at <= ${now}
        and p.paused_at is null and t.paused_at is null
        and not exists (select 1 from hard_stops h where h.tenant_id = q.tenant_id and h.channel = q.channel)
      order by q.next_due_at, q.batch_id limit ${BATCHES_A_CLAIM}
    ), locked as materialized (
      select id from invite_batches where id in (select id from due) order by id ${free}
    )
    select (select array_agg(id order by id) from locked) as ids, (select count(*)::int from due) as due`;
  return { ids: row?.ids ?? [], due: row?.due ?? 0 };
}
