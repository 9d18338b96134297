import type { TenantId } from '../../src/domain/ids.ts';
import type { FactScalar } from '../../src/domain/run/fact.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';

/** What a run is told: ids and figures, nothing of a person. `factId`: of the business fact, at most 250 characters; `at`: when it happened, epoch ms. */
export type RunFact = {
  readonly runId: string;
  readonly factId: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, FactScalar>>;
  readonly at: number;
};

/**
 * Tells runs facts, each once by its id: they are kept, and where the run is open the relay is told with the commit. What a closed run
 * is told stays in Postgres; a run that was never opened is told nothing. Locks the runs in the order of their ids, so that the rows
 * in the outbox stand in the order in which they were committed, and a run that is just closing either hears of a fact or was closed before it.
 */
export async function tellRuns(tx: Tx, { tenantId, facts, now }: { tenantId: TenantId; facts: readonly RunFact[]; now: number }): Promise<void> {
  if (facts.length === 0) return;
  const each = [...new Map(facts.map((fact) => [`${fact.runId} ${fact.factId}`, fact])).values()];
  const runIds = [...new Set(each.map(({ runId }) => runId))];
  // A statement of its own: one that waits for a lock would otherwise go on with what it saw before.
  tx.answerLater(tx.sql`
    select 1 from unnest(${runIds.toSorted()}::text[]) as n (id) cross join lateral (select from runs where tenant_id = ${tenantId} and id = n.id limit 1 for no key update) held`);
  tx.answerLater(tx.sql`
    with kept as (
      insert into run_facts (tenant_id, run_id, fact_id, kind, data, at, recorded_at)
      select ${tenantId}, f.run_id, f.fact_id, f.kind, f.data, f.at, case when r.closed_at is null then greatest(r.opened_at, ${now}) else ${now} end
      from unnest(${each.map(({ runId }) => runId)}::text[], ${each.map(({ factId }) => factId)}::text[], ${each.map(({ kind }) => kind)}::text[],
                  ${each.map(({ data }) => JSON.stringify(data))}::jsonb[], ${each.map(({ at }) => at)}::timestamptz[]) as f (run_id, fact_id, kind, data, at)
      cross join lateral (select opened_at, closed_at from runs where tenant_id = ${tenantId} and id = f.run_id limit 1) r
      on conflict (run_id, fact_id) do nothing
      returning run_id, fact_id, kind, data, at
    ), news as (
      select k.* from kept k cross join lateral (select closed_at from runs where tenant_id = ${tenantId} and id = k.run_id limit 1) r where r.closed_at is null
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at, payload)
      select ${tenantId}, 'tell_run', run_id, ${now},
             jsonb_build_object('id', fact_id, 'kind', kind, 'data', data, 'at', round(extract(epoch from at) * 1000)) from news order by at, fact_id
    )
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/`} || run_id) from (select distinct run_id from news) as heard`);
}
