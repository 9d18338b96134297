import type { TenantId } from '../../src/domain/ids.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { Database } from '../client.ts';
import { inTransaction } from '../transaction.ts';

export type RunName = { readonly tenantId: TenantId; readonly runId: string };

/** What of one run Temporal has still to be told, in order, and how its row stands. */
export type RunNews = RunName & {
  readonly loop: string;
  readonly generation: number;
  readonly isOpen: boolean;
  /** Where its row says it stands; null: nowhere yet. */
  readonly stage: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  /** It lost a life, and does not begin again before (epoch ms). */
  readonly restsUntil: number | null;
  /** It begins, or begins again. */
  readonly starts: boolean;
  readonly facts: readonly ToldFact[];
};

const RUNS_A_TAKE = 100;
const ROWS_A_TAKE = 2_000;

type OutboxRow = Omit<RunNews, 'starts' | 'facts'> & { id: number; kind: 'start_run' | 'tell_run'; payload: ToldFact };

/**
 * Takes what runs are to be told from the outbox (relay role), those that wait longest first: gives each run once, whole, to `hand`, which
 * answers those that were told, and deletes their rows, in one transaction. Only the first row of a run is locked, and whoever has it has
 * the run: two relays never take one run's rows out of order. `except`: runs to leave alone for now. Returns whether there may be more.
 */
export async function takeRunNews(db: Database, except: readonly string[], hand: (news: readonly RunNews[]) => Promise<readonly RunName[]>): Promise<boolean> {
  return inTransaction(db.sql, async (tx, isLost) => {
    const heads = await tx<RunName[]>`
      select o.tenant_id as "tenantId", o.lane as "runId" from outbox o
      where o.kind in ('start_run', 'tell_run') and not o.lane = any(${[...except]}::text[])
        and not exists (select 1 from outbox e where e.kind in ('start_run', 'tell_run') and e.lane = o.lane and e.tenant_id = o.tenant_id and e.id < o.id)
      order by o.id limit ${RUNS_A_TAKE} for update of o skip locked`;
    if (heads.length === 0) return false;
    const rows = await tx<OutboxRow[]>`
      select o.id, o.tenant_id as "tenantId", o.lane as "runId", o.kind, o.payload,
             coalesce(r.loop, '') as loop, coalesce(r.generation, 0) as generation, r.stage, r.input, r.rests_until as "restsUntil", r.id is not null and r.closed_at is null as "isOpen"
      from unnest(${heads.map(({ tenantId }) => tenantId)}::text[], ${heads.map(({ runId }) => runId)}::text[]) as h (tenant_id, run_id)
      join outbox o on o.tenant_id = h.tenant_id and o.lane = h.run_id and o.kind in ('start_run', 'tell_run')
      left join runs r on r.tenant_id = o.tenant_id and r.id = o.lane
      order by o.kind = 'tell_run', o.id limit ${ROWS_A_TAKE}`;
    const told = new Set((await hand(newsOf(rows))).map(nameOf));
    if (isLost()) throw new Error('the connection was lost while runs were told');
    const done = rows.filter((row) => told.has(nameOf(row))).map(({ id }) => id);
    await tx`delete from outbox where id = any(${done}::bigint[])`;
    return told.size > 0 && (heads.length === RUNS_A_TAKE || rows.length === ROWS_A_TAKE);
  });
}

/** Rows of one run together. */
function newsOf(rows: readonly OutboxRow[]): RunNews[] {
  const byRun = new Map<string, OutboxRow[]>();
  for (const row of rows) byRun.set(nameOf(row), [...(byRun.get(nameOf(row)) ?? []), row]);
  return [...byRun.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { tenantId, runId, loop, generation, stage, input, isOpen, restsUntil } = first;
    return [{
      tenantId, runId, loop, generation, stage, input, isOpen, restsUntil,
      starts: all.some(({ kind }) => kind === 'start_run'),
      facts: all.flatMap(({ kind, payload }) => (kind === 'tell_run' ? [payload] : [])),
    }];
  });
}

function nameOf({ tenantId, runId }: RunName): string {
  return `${tenantId}/${runId}`;
}
