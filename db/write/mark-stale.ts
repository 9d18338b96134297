import type { BatchId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';

/** Whose rules changed: one recipient's zone or hours, an inviter's events, a program's rules, the tenant's. */
export type StaleCause =
  | { kind: 'recipient'; recipientHash: Uint8Array }
  | { kind: 'inviter'; memberId: MemberId }
  | { kind: 'program'; programId: ProgramId }
  | { kind: 'tenant'; tenantId: TenantId };

/**
 * Marks what waits under changed rules as stale, in one statement, and nudges the lanes. A stale row never leaves: the
 * sender plans it again first. Rows that are claimed are on the wire and stay as they are.
 */
export async function markStale(tx: Tx, cause: StaleCause, now: number): Promise<void> {
  const affected = await affectedBatches(tx, cause);
  if (affected.length === 0) return;
  await tx.sql`
    with marked as (
      update invites set stale = true
      where batch_id = any(${affected}::text[]) and step is not null and attempt_id is null
        ${cause.kind === 'recipient' ? tx.sql`and recipient_hash = ${cause.recipientHash}` : tx.sql``}
      returning batch_id
    ), due as (
      update invite_batches set next_due_at = least(next_due_at, ${now}) where id in (select batch_id from marked) returning tenant_id, lane
    ), lanes_due as (
      select distinct tenant_id, lane from due
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select tenant_id, 'nudge', lane, ${now} from lanes_due
    )
    select pg_notify(${LANE_SIGNAL}, tenant_id || '/' || lane) from lanes_due`;
}

/** The batches that may hold waiting rows of the cause, locked in the order of their ids. */
async function affectedBatches(tx: Tx, cause: StaleCause): Promise<BatchId[]> {
  const where = () => {
    switch (cause.kind) {
      case 'recipient': return tx.sql`b.id in (select batch_id from invites where recipient_hash = ${cause.recipientHash})`;
      case 'inviter': return tx.sql`b.member_id = ${cause.memberId}`;
      case 'program': return tx.sql`b.program_id = ${cause.programId}`;
      case 'tenant': return tx.sql`b.tenant_id = ${cause.tenantId}`;
    }
  };
  const rows = await tx.sql<{ id: BatchId }[]>`
    select b.id from invite_batches b where b.next_due_at is not null and ${where()} order by b.id for update`;
  return rows.map((row) => row.id);
}
