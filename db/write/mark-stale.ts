import type { BatchId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';

/** Whose rules changed: recipients' zones or hours and inviters' events, a program's rules, the tenant's. */
export type StaleCause =
  | { kind: 'people'; recipientHashes: readonly Uint8Array[]; inviterIds: readonly MemberId[] }
  | { kind: 'program'; programId: ProgramId }
  | { kind: 'programs'; programIds: readonly ProgramId[] }
  | { kind: 'tenant'; tenantId: TenantId };

/**
 * Marks what waits under changed rules as stale, in one statement, and nudges the lanes. A stale row never leaves: the
 * sender plans it again first. One that is claimed keeps its course, and the mark tells its record that the plan of what
 * follows (its reminder, or another try) is made of rules that hold no more.
 */
export async function markStale(tx: Tx, cause: StaleCause, now: number): Promise<void> {
  const affected = await affectedBatches(tx, cause);
  if (affected.length === 0) return;
  await tx.sql`
    with marked as (
      update invites set stale = true
      where batch_id = any(${affected}::text[]) and step is not null
        ${cause.kind === 'people' ? tx.sql`and (recipient_hash = any(${bytesArray(cause.recipientHashes)}::bytea[]) or batch_id in (
          select id from invite_batches where id = any(${affected}::text[]) and member_id = any(${cause.inviterIds}::text[])))` : tx.sql``}
      returning batch_id, channel
    ), due as (
      update batch_lanes set next_due_at = least(next_due_at, ${now}) where (batch_id, channel) in (select batch_id, channel from marked) returning tenant_id, lane
    ), lanes_due as (
      select distinct tenant_id, lane from due
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select tenant_id, 'nudge', lane, ${now} from lanes_due
    )
    select pg_notify(${LANE_SIGNAL}, tenant_id || '/' || lane) from lanes_due`;
}

/** The batches that may hold such rows, locked at once and in the order of their ids. */
async function affectedBatches(tx: Tx, cause: StaleCause): Promise<BatchId[]> {
  const rows = await tx.sql<{ id: BatchId }[]>`
    with affected as materialized (${batchesOf(tx, cause)})
    select id from invite_batches where id in (select id from affected) order by id for no key update`;
  return rows.map((row) => row.id);
}

/** Each branch has its index. A batch whose last row is claimed waits in no lane: the open attempts name it. */
function batchesOf(tx: Tx, cause: StaleCause) {
  switch (cause.kind) {
    case 'people': return tx.sql`
      select batch_id as id from invites where recipient_hash = any(${bytesArray(cause.recipientHashes)}::bytea[]) and step is not null
      union
      select id from invite_batches where member_id = any(${cause.inviterIds}::text[]) and ${waits(tx)}
      union
      select b.id from attempts a join invite_batches b on b.id = any(a.batch_ids)
      where a.closed_at is null and a.fenced_at is null and b.member_id = any(${cause.inviterIds}::text[])`;
    // Their versions tell a claimed row's record that its plan is of yesterday.
    case 'program': return tx.sql`select id from invite_batches where program_id = ${cause.programId} and ${waits(tx)}`;
    case 'programs': return tx.sql`select id from invite_batches where program_id = any(${cause.programIds}::text[]) and ${waits(tx)}`;
    case 'tenant': return tx.sql`select batch_id as id from batch_lanes where tenant_id = ${cause.tenantId} and next_due_at is not null`;
  }
}

/** Of a batch: something of it is due, now or later. */
export function waits(tx: Tx) {
  return tx.sql`exists (select 1 from batch_lanes q where q.batch_id = invite_batches.id and q.next_due_at is not null)`;
}
