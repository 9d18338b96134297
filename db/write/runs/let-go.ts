import type { BatchId, InviteRef, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { closeInvites } from '../close-invites.ts';
import { nudgeLanes } from '../nudge-lanes.ts';
import { lockBatches, refreshNextDue } from '../refresh-next-due.ts';

/** Withdraws all that a run of a live loop has waiting, and stops the reminders of its invites: for when it ends. Nothing for other runs. Locks batches: call it before the run is locked. */
export async function letGoOfMessages(tx: Tx, { tenantId, runId }: { tenantId: TenantId; runId: RunId }): Promise<void> {
  const open = await tx.sql<InviteRef[]>`
    select i.batch_id as "batchId", i.n from invite_batches b join invites i on i.batch_id = b.id
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} and (i.state = 'waiting' or (i.state = 'handed_off' and i.step is not null))`;
  await closeInvites(tx, tenantId, open, { state: 'canceled', reason: 'run_over', stop: 'canceled' });
}

/** What a pause of the run had put aside is planned again. Locks batches: call it before the run is locked. */
export async function unparkMessages(tx: Tx, { tenantId, runId, now }: { tenantId: TenantId; runId: string; now: number }): Promise<void> {
  const batches = await tx.sql<{ id: BatchId }[]>`
    select distinct b.id from invite_batches b join invites i on i.batch_id = b.id where b.tenant_id = ${tenantId} and b.run_id = ${runId} and i.reason = 'run_paused'`;
  const ids = batches.map(({ id }) => id);
  if (ids.length === 0) return;
  await lockBatches(tx, ids);
  await tx.sql`
    update invites set stale = true, due_at = ${now}, reason = null
    where batch_id = any(${ids}::text[]) and reason = 'run_paused' and state in ('waiting', 'handed_off') and step is not null and attempt_id is null`;
  await refreshNextDue(tx, ids);
  await nudgeLanes(tx, { tenantId, now });
}
