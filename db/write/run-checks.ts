import type { Database } from '../client.ts';
import type { RunLife } from './run-begin-again.ts';

const RUNS_A_CHECK = 50;

/** `lateSince`: a deadline before it has passed without a sign of life; `notSeenSince`: longer ago than that every open run is looked at. Epoch ms. */
export type CheckBounds = { readonly lateSince: number; readonly notSeenSince: number; readonly now: number };

/**
 * Takes open runs to look whether their workflow lives (relay role): those that are late first, then those that have rested after a lost life,
 * then those nobody has seen for long. They count as seen, so that no other relay asks, too, and none of them keeps others waiting; but for those that have rested: what they
 * were told meanwhile is in no outbox, so these are asked after until Temporal has answered (`noteAlive`). What waits in the outbox is the hand-over's.
 */
export async function takeRunsToCheck(db: Database, { lateSince, notSeenSince, now }: CheckBounds): Promise<RunLife[]> {
  return db.sql<RunLife[]>`
    with due as (
      select tenant_id, id from runs r
      where closed_at is null and seen_at < ${lateSince} and due_at < ${lateSince} and (rests_until is null or rests_until <= ${now}) and not exists (select 1 from outbox o where o.lane = r.id and o.kind in ('start_run', 'tell_run'))
      order by seen_at limit ${RUNS_A_CHECK} for no key update skip locked
    ), rested as (
      select tenant_id, id from runs r
      where closed_at is null and rests_until <= ${now} and seen_at < rests_until and not exists (select 1 from outbox o where o.lane = r.id and o.kind in ('start_run', 'tell_run'))
      order by rests_until limit ${RUNS_A_CHECK} for no key update skip locked
    ), long as (
      select tenant_id, id from runs r
      where closed_at is null and seen_at < ${notSeenSince} and not exists (select 1 from outbox o where o.lane = r.id and o.kind in ('start_run', 'tell_run'))
      order by seen_at limit ${RUNS_A_CHECK} for no key update skip locked
    )
    update runs r set seen_at = case when r.rests_until <= ${now} and r.seen_at < r.rests_until then r.seen_at else ${now} end from (select * from due union select * from rested union select * from long) as asked
    where r.tenant_id = asked.tenant_id and r.id = asked.id and r.closed_at is null
    returning r.tenant_id as "tenantId", r.id as "runId", r.loop, r.generation`;
}

/** Notes of runs that have rested that these lives of theirs live (relay role): there is nothing to ask any more. */
export async function noteAlive(db: Database, alive: readonly RunLife[], now: number): Promise<void> {
  if (alive.length === 0) return;
  await db.sql`
    update runs r set seen_at = ${now}
    from unnest(${alive.map(({ tenantId }) => tenantId)}::text[], ${alive.map(({ runId }) => runId)}::text[], ${alive.map(({ generation }) => generation)}::int[]) as l (tenant_id, id, generation)
    where r.tenant_id = l.tenant_id and r.id = l.id and r.generation = l.generation and r.closed_at is null and r.rests_until <= ${now} and r.seen_at < r.rests_until`;
}
