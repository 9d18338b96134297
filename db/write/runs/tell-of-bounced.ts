import { inviteId, type InviteRef, type MemberId, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import { MESSAGE_FACT } from '../../../src/domain/run/fact.ts';
import { MESSAGE_BOUNCED } from '../../../src/domain/run/told-by-us.ts';
import type { Tx } from '../../client.ts';
import { tellRuns, type RunFact } from '../tell-runs.ts';
import { reachedBy } from './reached-by.ts';
import { tellHappenings, type Happening } from './tell-happenings.ts';

/** A message that came back, and goes on by no other channel. */
export type BouncedMessage = InviteRef & { readonly reason: string };

type Row = BouncedMessage & { readonly runId: RunId; readonly memberId: MemberId | null; readonly step: string; readonly reached: number };

/**
 * Tells runs of their messages that came back after they had left, each once: to the kit (and the run's story) as what became of the message, and to
 * the loop as an event of the run's member, where it hears of that; `reached` counts people, by the last message of the step to each. Call it in the transaction that ended them, with those of runs alone; it locks the runs.
 */
export async function tellOfBounced(tx: Tx, { tenantId, bounced, now }: { readonly tenantId: TenantId; readonly bounced: readonly BouncedMessage[]; readonly now: number }): Promise<void> {
  if (bounced.length === 0) return;
  const rows = await tx.sql<Row[]>`
    with back as (
      select distinct on (batch_id, n) * from unnest(${bounced.map(({ batchId }) => batchId)}::text[], ${bounced.map(({ n }) => n)}::smallint[], ${bounced.map(({ reason }) => reason)}::text[]) as r (batch_id, n, reason)
    )
    select r.batch_id as "batchId", r.n, r.reason, b.run_id as "runId", run.member_id as "memberId", b.run_step as step,
           ${reachedBy(tx, tenantId, { runId: tx.sql`b.run_id`, step: tx.sql`b.run_step`, isBack: tx.sql`exists (select from back where back.batch_id = i.batch_id and back.n = i.n)` })} as reached
    from back r join invite_batches b on b.id = r.batch_id
    join runs run on run.tenant_id = b.tenant_id and run.id = b.run_id and run.closed_at is null`;
  await tellRuns(tx, { tenantId, now, facts: rows.map(({ batchId, n, runId, step, reason }): RunFact => (
    { runId, factId: `${MESSAGE_FACT}:${inviteId({ batchId, n })}:bounced`, kind: MESSAGE_FACT, data: { step, batchId, n, outcome: 'bounced', reason }, at: now })) });
  await tellHappenings(tx, { tenantId, now, happenings: rows.flatMap(({ batchId, n, runId, memberId, step, reached }): Happening[] => (
    memberId === null ? [] : [{ personId: memberId, runId, type: MESSAGE_BOUNCED, id: `${inviteId({ batchId, n })}:bounced`, at: now, data: { step, reached } }])) });
}
