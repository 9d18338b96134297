import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What became of a program's offers of one arm. `started`: runs that came of them; `outcomes`: how those ended that have. */
export type ArmResults = { readonly variant: string; readonly offered: number; readonly shown: number; readonly accepted: number; readonly dismissed: number; readonly started: number; readonly outcomes: Readonly<Record<string, number>> };

/** By arm, in the order of their names, of the offers that were decided at `since` (epoch ms) or later. An offer is kept for 180 days. */
export async function readPromptResults(tx: Tx, { tenantId, programId, since }: { tenantId: TenantId; programId: ProgramId; since: number }): Promise<ArmResults[]> {
  const rows = await tx.sql<(Omit<ArmResults, 'outcomes'> & { ended: (string | null)[]; counts: number[] })[]>`
    with each as (
      select q.variant, q.shown_at, q.accepted_at, q.dismissed_at, r.id as run_id, r.outcome
      from prompts q left join runs r on r.tenant_id = q.tenant_id and r.prompt_id = q.id
      where q.tenant_id = ${tenantId} and q.program_id = ${programId} and q.decided_at >= ${since}
    ), ends as (
      select variant, array_agg(outcome order by outcome) as ended, array_agg(n order by outcome) as counts
      from (select variant, outcome, count(*)::int as n from each where outcome is not null group by variant, outcome) by_outcome group by variant
    )
    select e.variant, count(*)::int as offered, count(e.shown_at)::int as shown, count(e.accepted_at)::int as accepted, count(e.dismissed_at)::int as dismissed, count(e.run_id)::int as started,
           coalesce(x.ended, '{}') as ended, coalesce(x.counts, '{}') as counts
    from each e left join ends x using (variant) group by e.variant, x.ended, x.counts order by e.variant collate "C"`;
  return rows.map(({ ended, counts, ...row }) => ({ ...row, outcomes: Object.fromEntries(ended.flatMap((outcome, n): [string, number][] => (outcome === null ? [] : [[outcome, counts[n] ?? 0]]))) }));
}
