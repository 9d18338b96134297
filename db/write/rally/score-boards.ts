import type { GuestId, MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import { drawName } from '../../../src/domain/rally/anonymous-name.ts';
import type { Tx } from '../../client.ts';
import { tellRuns } from '../tell-runs.ts';
import { tellStreams } from '../tell-streams.ts';

/**
 * What somebody scored by one fact, which counts once. `runId`: for this board alone, on which it puts whoever was not on it; null: for all
 * on which the person is. `points` null: practised, without a score. `at`: epoch ms.
 */
export type Scored = { readonly personId: MemberId | GuestId; readonly runId: string | null; readonly points: number | null; readonly at: number };

/** The run's fact: somebody moved since the last look at the ranks. It is told once a look, however many score. */
export const BOARD_MOVED = 'board_moved';

type Place = { place: number; runId: RunId };
type Board = { runId: RunId; looks: number; isTold: boolean };
type Gain = { runId: RunId; personId: MemberId | GuestId; points: number; at: number };

/** An app's clock may be so much behind ours. */
const CLOCKS_APART_SECONDS = 60;

/**
 * Adds scores to the boards that are open at their instants: a sum a person and board. Nothing is asked where nobody scored, and one look where
 * nobody is on a board. The boards are locked in shared mode by their runs' ids, so that a look at the ranks sees a score whole or is told of it; then
 * their runs, where a run is to be told.
 */
export async function scoreBoards(tx: Tx, { tenantId, scored, now }: { tenantId: TenantId; scored: readonly Scored[]; now: number }): Promise<void> {
  if (scored.length === 0) return;
  const places = await tx.sql<Place[]>`
    select s.place::int - 1 as place, b.run_id as "runId"
    from unnest(${scored.map(({ personId }) => personId)}::text[], ${scored.map(({ runId }) => runId)}::text[], ${scored.map(({ at }) => at)}::timestamptz[]) with ordinality as s (person_id, run_id, at, place)
    cross join lateral (
      select e.run_id from board_entries e where s.run_id is null and e.tenant_id = ${tenantId} and e.person_id = s.person_id
      union all select s.run_id where s.run_id is not null
    ) on_board
    join boards b on b.tenant_id = ${tenantId} and b.run_id = on_board.run_id and b.closed_at is null
      and s.at < b.ends_at and s.at >= b.created_at - make_interval(secs => ${CLOCKS_APART_SECONDS})
    join runs r on r.tenant_id = ${tenantId} and r.id = b.run_id and r.closed_at is null and (r.cap_at is null or s.at < r.cap_at)`;
  if (places.length === 0) return;
  const open = await lockBoards(tx, tenantId, places.map(({ runId }) => runId));
  const isOpen = new Set(open.map(({ runId }) => runId));
  await writeGains(tx, tenantId, places.flatMap(({ place, runId }): Gain[] => {
    const one = scored[place];
    return one === undefined || !isOpen.has(runId) ? [] : [{ runId, personId: one.personId, points: one.points ?? 0, at: one.at }];
  }), now);
  tellStreams(tx, { tenantId, topics: open.map(({ runId }) => runTopic(runId)) });
  await tellRuns(tx, { tenantId, now, facts: open.filter(({ isTold }) => !isTold).map(({ runId, looks }) => ({ runId, factId: `${BOARD_MOVED}:${String(looks)}`, kind: BOARD_MOVED, data: {}, at: now })) });
}

async function lockBoards({ sql }: Tx, tenantId: TenantId, runIds: readonly RunId[]): Promise<Board[]> {
  // A statement of its own: it sees whom the lock was waited for.
  await sql`select 1 from boards where tenant_id = ${tenantId} and run_id = any(${[...new Set(runIds)]}::text[]) order by run_id for share`;
  return sql<Board[]>`
    select run_id as "runId", looks, exists (select from run_facts f where f.tenant_id = b.tenant_id and f.run_id = b.run_id and f.fact_id = ${`${BOARD_MOVED}:`} || b.looks) as "isTold"
    from boards b where tenant_id = ${tenantId} and run_id = any(${[...new Set(runIds)]}::text[]) and closed_at is null`;
}

/** One row a person and board, in an order that all keep. */
async function writeGains(tx: Tx, tenantId: TenantId, gains: readonly Gain[], now: number): Promise<void> {
  const names = gains.map(({ runId, personId }) => drawName(runId, personId));
  await tx.sql`
    insert into board_entries as e (tenant_id, run_id, person_id, name_drawn, score, achieved_at, practised_at, joined_at)
    select ${tenantId}, g.run_id, g.person_id, min(g.name_drawn), least(sum(g.points), ${MOST_SCORE}), max(g.at), max(g.at), ${now}
    from unnest(${gains.map(({ runId }) => runId)}::text[], ${gains.map(({ personId }) => personId)}::text[], ${names}::int[],
                ${gains.map(({ points }) => points)}::bigint[], ${gains.map(({ at }) => at)}::timestamptz[]) as g (run_id, person_id, name_drawn, points, at)
    group by g.run_id, g.person_id order by g.run_id, g.person_id
    on conflict (tenant_id, run_id, person_id) do update set
      score = least(e.score::bigint + excluded.score, ${MOST_SCORE}),
      achieved_at = case when excluded.score > 0 then greatest(e.achieved_at, excluded.achieved_at) else e.achieved_at end,
      practised_at = greatest(e.practised_at, excluded.practised_at)`;
}

const MOST_SCORE = 2_000_000_000;
