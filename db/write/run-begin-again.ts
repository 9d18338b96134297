import { beginAgainAt, FORGOTTEN_MS, type RunLosses } from '../../src/domain/run/rest-after-loss.ts';
import type { Database } from '../client.ts';
import { inTransaction } from '../transaction.ts';
import type { RunName } from './run-news.ts';

export type RunLife = RunName & { readonly loop: string; readonly generation: number };

/** So many lives lost one soon after the other are no accident. */
export const FAILING_FROM = 3;

type Held = RunName & RunLosses;

/**
 * Lets open runs whose life of this generation is lost begin again as the next (relay role): the row and the start in the outbox, in one
 * transaction. One that was closed meanwhile, has begun again already, or rests because it lost lives before, stays as it is. Answers those that begin.
 */
export async function beginRunsAgain(db: Database, lost: readonly RunLife[], now: number): Promise<RunLife[]> {
  if (lost.length === 0) return [];
  return inTransaction(db.sql, async (tx) => {
    // In the order in which everybody locks runs.
    const held = await tx<Held[]>`
      select tenant_id as "tenantId", id as "runId", lives_lost as "livesLost", rests_until as "restsUntil" from runs
      where (tenant_id, id) in (select * from unnest(${lost.map(({ tenantId }) => tenantId)}::text[], ${lost.map(({ runId }) => runId)}::text[])) order by id for no key update`;
    const again = lost.flatMap((life) => {
      const row = held.find(({ tenantId, runId }) => tenantId === life.tenantId && runId === life.runId);
      const losses = row === undefined ? null : beginAgainAt(row, now);
      return losses === null ? [] : [{ ...life, ...losses }];
    });
    const begun = await tx<RunLife[]>`
      with again as (
        update runs r set generation = r.generation + 1, seen_at = ${now}, lives_lost = l.lives_lost, rests_until = l.rests_until
        from unnest(${again.map(({ tenantId }) => tenantId)}::text[], ${again.map(({ runId }) => runId)}::text[], ${again.map(({ generation }) => generation)}::int[],
                    ${again.map(({ livesLost }) => livesLost)}::int[], ${again.map(({ restsUntil }) => restsUntil)}::timestamptz[]) as l (tenant_id, id, generation, lives_lost, rests_until)
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

/** How many open runs fail again and again (relay role). */
export async function countFailingRuns(db: Database, now: number): Promise<number> {
  const [row] = await db.sql<{ failing: number }[]>`
    select count(*)::int as failing from runs where closed_at is null and rests_until > ${now - FORGOTTEN_MS} and lives_lost >= ${FAILING_FROM}`;
  return row?.failing ?? 0;
}
