import { inviteId, type InviteRef, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import { MESSAGE_FACT, OPTED_OUT_FACT } from '../../../src/domain/run/fact.ts';
import type { Tx } from '../../client.ts';
import type { InviteState } from '../../schema/invites.ts';
import type { SqlPart } from '../../read/consent.ts';
import { tellRuns, type RunFact } from '../tell-runs.ts';
import { outcomeOfInvite } from './outcome-of-invite.ts';
import { hasLiveRuns } from './tell-happenings.ts';

type About = { readonly tenantId: TenantId; readonly refs: readonly InviteRef[]; readonly now: number };
type Row = InviteRef & { runId: RunId; step: string; state: InviteState; reason: string | null };

/** As a column of a statement that moves invites anyway: is the batch by that id (SQL) a live run's? Where the tenant has no open one nothing is looked up. */
export function isOfLiveRun(tx: Tx, tenantId: TenantId, batchId: SqlPart) {
  return tx.sql`case when ${hasLiveRuns(tx, tenantId)} then exists (select 1 from invite_batches told where told.id = ${batchId} and told.run_id is not null) else false end`;
}

/** Tells runs what became of their messages, each outcome once. Call it in the transaction that moved them, with those of runs alone; it locks the runs. */
export async function tellOfMessages(tx: Tx, { tenantId, refs, now }: About): Promise<void> {
  if (refs.length === 0) return;
  const rows = await tx.sql<Row[]>`
    select i.batch_id as "batchId", i.n, b.run_id as "runId", b.run_step as step, i.state, i.reason
    from (select distinct * from unnest(${refs.map(({ batchId }) => batchId)}::text[], ${refs.map(({ n }) => n)}::smallint[])) as r (batch_id, n)
    join invites i on i.batch_id = r.batch_id and i.n = r.n
    join invite_batches b on b.id = i.batch_id
    join runs run on run.tenant_id = b.tenant_id and run.id = b.run_id and run.closed_at is null`;
  await tellRuns(tx, { tenantId, now, facts: rows.flatMap(({ batchId, n, runId, step, state, reason }): RunFact[] => {
    const came = outcomeOfInvite(state, reason);
    if (came === null) return [];
    return [{ runId, factId: `${MESSAGE_FACT}:${inviteId({ batchId, n })}:${came.outcome}`, kind: MESSAGE_FACT, data: { step, batchId, n, ...came }, at: now }];
  }) });
}

/**
 * After suppressions and opt-outs that closed invites of runs: where all who were asked are out and nobody but the member has come, the run
 * is told to end.
 */
export async function tellOfOptedOut(tx: Tx, { tenantId, refs, now }: About): Promise<void> {
  if (refs.length === 0) return;
  const over = await tx.sql<{ runId: RunId }[]>`
    select r.id as "runId" from runs r
    where r.tenant_id = ${tenantId} and r.closed_at is null
      and r.id in (select b.run_id from invite_batches b where b.id = any(${refs.map(({ batchId }) => batchId)}::text[]) and b.notice is null)
      and not exists (select 1 from run_people p where p.tenant_id = r.tenant_id and p.run_id = r.id and p.role <> 'member')
      and not exists (
        select 1 from invite_batches b join invites i on i.batch_id = b.id
        where b.tenant_id = r.tenant_id and b.run_id = r.id and b.notice is null and i.state in ('waiting', 'handed_off', 'unknown') and i.stop_reason is distinct from 'suppressed')`;
  await tellRuns(tx, { tenantId, now, facts: over.map(({ runId }): RunFact => ({ runId, factId: OPTED_OUT_FACT, kind: OPTED_OUT_FACT, data: {}, at: now })) });
}
