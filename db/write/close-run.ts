import { isId, type RunId, type TenantId } from '../../src/domain/ids.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { Tx } from '../client.ts';
import { factsNotSeen } from '../read/run-facts.ts';
import { letGoOfMessages } from './runs/let-go.ts';

/** The end of a run's life. `unless`: it goes on where it was told a fact of these kinds that it has not seen. */
export type RunEnding = {
  readonly tenantId: TenantId;
  readonly runId: string;
  readonly generation: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly unless: { readonly kinds: readonly string[]; readonly seen: readonly string[] } | null;
  readonly now: number;
};

/** `superseded`: the run was closed otherwise or has a later generation. */
export type RunClosing = { readonly outcome: 'closed' } | { readonly outcome: 'superseded' } | { readonly outcome: 'goes_on'; readonly facts: readonly ToldFact[] };

/**
 * Closes a run's row. Whoever tells a run something locks the same row: either the fact is seen here, or the run was closed before it was
 * told. What it still had to send is withdrawn. Repeating it changes nothing and answers the same.
 */
export async function closeRun(tx: Tx, { tenantId, runId, generation, outcome, reason, unless, now }: RunEnding): Promise<RunClosing> {
  if (isId('run', runId) && unless === null && await livesAs(tx, { tenantId, runId, generation })) await letGoOfMessages(tx, { tenantId, runId });
  const [row] = await tx.sql<{ generation: number; outcome: string | null }[]>`
    select generation, outcome from runs where tenant_id = ${tenantId} and id = ${runId} for no key update`;
  if (row?.generation !== generation) return { outcome: 'superseded' };
  if (row.outcome !== null) return { outcome: row.outcome === outcome ? 'closed' : 'superseded' };
  if (unless !== null) {
    const facts = await factsNotSeen(tx, { tenantId, runId, ...unless });
    if (facts.length > 0) return { outcome: 'goes_on', facts };
  }
  await tx.sql`
    update runs set outcome = ${outcome}, reason = ${reason}, due_at = null, paused_at = null, closed_at = ${now}, moved_at = ${now}, seen_at = ${now}
    where tenant_id = ${tenantId} and id = ${runId}`;
  return { outcome: 'closed' };
}

/** Batches are locked before runs: looked at first, for what a life that is over must not touch. */
async function livesAs(tx: Tx, { tenantId, runId, generation }: { tenantId: TenantId; runId: RunId; generation: number }): Promise<boolean> {
  const [row] = await tx.sql`select 1 from runs where tenant_id = ${tenantId} and id = ${runId} and generation = ${generation} and closed_at is null`;
  return row !== undefined;
}
