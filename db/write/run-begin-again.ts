import type { Database } from '../client.ts';
import { inTransaction } from '../transaction.ts';
import type { RunName } from './run-news.ts';

export type RunLife = RunName & { readonly loop: string; readonly generation: number };

/**
 * Lets open runs whose life of this generation is lost begin again as the next (relay role): the row and the start in the outbox, in one
 * transaction. One that was closed meanwhile, or has begun again already, stays as it is. Answers those that begin.
 */
export async function beginRunsAgain(db: Database, lost: readonly RunLife[], now: number): Promise<RunLife[]> {
  if (lost.length === 0) return [];
  return inTransaction(db.sql, async (tx) => {
    // In the order in which everybody locks runs.
    await tx`select 1 from runs where (tenant_id, id) in (select * from unnest(${lost.map(({ tenantId }) => tenantId)}::text[], ${lost.map(({ runId }) => runId)}::text[])) order by id for no key update`;
    const begun = await tx<RunLife[]>`
      with again as (
        update runs r set generation = r.generation + 1, seen_at = ${now}
        from unnest(${lost.map(({ tenantId }) => tenantId)}::text[], ${lost.map(({ runId }) => runId)}::text[], ${lost.map(({ generation }) => generation)}::int[]) as l (tenant_id, id, generation)
        where r.tenant_id = l.tenant_id and r.id = l.id and r.generation = l.generation and r.closed_at is null
        returning r.tenant_id, r.id, r.loop, r.generation, r.input
      ), told as (
        insert into outbox (tenant_id, kind, lane, created_at, payload)
        select tenant_id, 'start_run', id, ${now}, jsonb_build_object('loop', loop, 'generation', generation, 'input', input) from again
      )
      select tenant_id as "tenantId", id as "runId", loop, generation from again`;
    return [...begun];
  });
}
