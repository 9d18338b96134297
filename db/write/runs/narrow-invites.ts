import type { BatchId, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { nudgeLanes } from '../nudge-lanes.ts';
import { lockBatches, refreshNextDue } from '../refresh-next-due.ts';
import type { Queued } from './queue-messages.ts';

export type InvitesToNarrow = { readonly tenantId: TenantId; readonly runId: RunId; readonly step: string; readonly before: number; readonly now: number };

/**
 * Has the invites of a run's start leave before an instant: they expire then, and what was planned for later is planned again (the sender
 * finds whether any hour is left). They were accepted and planned with the start, so they may have left already. A repeat changes nothing.
 * Answers how many were accepted; where none was, why the first was refused.
 */
export async function narrowInvites(tx: Tx, { tenantId, runId, step, before, now }: InvitesToNarrow): Promise<Queued> {
  const batches = await tx.sql<{ id: BatchId }[]>`select id from invite_batches where tenant_id = ${tenantId} and run_id = ${runId} and run_step = ${step} and notice is null`;
  const ids = batches.map(({ id }) => id);
  await lockBatches(tx, ids);
  const narrowed = await tx.sql`update invite_batches set expires_at = ${before} where id = any(${ids}::text[]) and expires_at > ${before}`;
  if (narrowed.count > 0) {
    await tx.sql`
      update invites set stale = step is not null, due_at = case when step is null then ${before}::timestamptz else ${now}::timestamptz end
      where batch_id = any(${ids}::text[]) and state in ('waiting', 'handed_off') and due_at >= ${before} and attempt_id is null`;
    await refreshNextDue(tx, ids);
    await nudgeLanes(tx, { tenantId, now });
  }
  const [row] = await tx.sql<{ count: number; reason: string | null }[]>`
    select count(*) filter (where contact_id is not null)::int as count, (array_agg(reason order by batch_id, n) filter (where contact_id is null))[1] as reason
    from invites where batch_id = any(${ids}::text[])`;
  return { count: row?.count ?? 0, reason: (row?.count ?? 0) > 0 ? null : row?.reason ?? 'nobody' };
}
