import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';

/** A run that is to be open. `id`: of what it is the life of; `input`: ids, terms, instants, nothing of a person; `stage`: the one it begins in. */
export type RunOpening = { readonly id: string; readonly loop: string; readonly stage: string; readonly input: Readonly<Record<string, unknown>> };

/**
 * Makes sure that each of these runs is open: a new one begins as generation 1, a closed one again as its next generation (free of
 * what held or shortened it before), an open one stays as it is. What begins is told to the relay with the commit. Locks the runs in
 * the order of their ids; call it after everything that comes before them in the order of locks.
 */
export async function openRuns(tx: Tx, { tenantId, runs, now }: { tenantId: TenantId; runs: readonly RunOpening[]; now: number }): Promise<void> {
  if (runs.length === 0) return;
  const each = [...new Map(runs.map((run) => [run.id, run])).values()];
  tx.answerLater(tx.sql`
    with opened as (
      insert into runs as r (tenant_id, id, loop, input, stage, opened_at, moved_at, seen_at)
      select ${tenantId}, o.id, o.loop, o.input, o.stage, ${now}, ${now}, ${now}
      from unnest(${each.map(({ id }) => id)}::text[], ${each.map(({ loop }) => loop)}::text[], ${each.map(({ stage }) => stage)}::text[],
                  ${each.map(({ input }) => JSON.stringify(input))}::jsonb[]) as o (id, loop, stage, input)
      order by o.id
      on conflict (tenant_id, id) do update
        set generation = r.generation + 1, input = excluded.input, stage = excluded.stage, due_at = null, cap_at = null, paused_at = null,
            outcome = null, reason = null, opened_at = excluded.opened_at, moved_at = excluded.moved_at, seen_at = excluded.seen_at, closed_at = null,
            lives_lost = 0, rests_until = null
        where r.closed_at is not null
      returning id, loop, generation, input
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at, payload)
      select ${tenantId}, 'start_run', id, ${now}, jsonb_build_object('loop', loop, 'generation', generation, 'input', input) from opened order by id
    )
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/`} || id) from opened`);
}
