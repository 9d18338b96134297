import type { MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { whomToNudge, type Looked } from '../../../src/domain/rally/overtaken.ts';
import type { Tx } from '../../client.ts';

/** `aDay`: how often somebody may be told within 24 hours. */
export type RanksToNote = { readonly tenantId: TenantId; readonly runId: RunId; readonly aDay: number; readonly now: number };

/** What a look found: whom to tell of having been overtaken, which look it was, and when the board ends (epoch ms). */
export type NotedRanks = { readonly look: number; readonly endsAt: number; readonly nudged: readonly Looked<MemberId>[] };

/** In one look, so that its transaction stays short. Who is left out is told when they fall further. */
const MOST_NUDGES = 500;
const MOST_LOOKED_AT = 2_000;
const DAY_MS = 86_400_000;

/**
 * Notes the ranks of a board, from which movement is counted, and finds who was overtaken since the last look; guests are told nothing. Locks the
 * board: who scores meanwhile waits. Null: there is no such board, or it is over (an operator may have shortened it).
 */
export async function noteRanks(tx: Tx, { tenantId, runId, aDay, now }: RanksToNote): Promise<NotedRanks | null> {
  const [board] = await tx.sql<{ looks: number; endsAt: number }[]>`
    update boards b set looks = b.looks + 1 from runs r
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} and b.closed_at is null and r.tenant_id = b.tenant_id and r.id = b.run_id and least(b.ends_at, r.cap_at) > ${now}
    returning b.looks, least(b.ends_at, r.cap_at) as "endsAt"`;
  if (board === undefined) return null;
  // All rows of a board are joined with themselves: a plan made while the board was small would go through them one by one for each.
  await tx.sql`select set_config('enable_nestloop', 'off', true)`;
  const overtaken = await tx.sql<Looked<MemberId>[]>`
    with ranked as materialized (
      select person_id, score, noted_rank, rank() over (order by score desc)::int as rank from board_entries where tenant_id = ${tenantId} and run_id = ${runId}
    ), noted as (
      update board_entries e set noted_rank = r.rank from ranked r
      where e.tenant_id = ${tenantId} and e.run_id = ${runId} and e.person_id = r.person_id and r.noted_rank is distinct from r.rank
    )
    select r.person_id as "personId", r.noted_rank as "notedRank", r.rank, r.score,
           (select count(*)::int from board_nudges n where n.tenant_id = ${tenantId} and n.person_id = r.person_id and n.at > ${now - DAY_MS}) as nudges
    from (select * from ranked where noted_rank < rank and score > 0 and person_id like 'mbr\\_%' order by rank, person_id limit ${MOST_LOOKED_AT}) r`;
  await tx.sql`select set_config('enable_nestloop', 'on', true)`;
  const nudged = whomToNudge(overtaken, { aDay, most: MOST_NUDGES });
  await keepNudges(tx, { tenantId, runId, memberIds: nudged.map(({ personId }) => personId), now });
  return { look: board.looks, endsAt: board.endsAt, nudged };
}

async function keepNudges(tx: Tx, { tenantId, runId, memberIds, now }: { tenantId: TenantId; runId: RunId; memberIds: readonly MemberId[]; now: number }): Promise<void> {
  if (memberIds.length === 0) return;
  await tx.sql`delete from board_nudges where tenant_id = ${tenantId} and person_id = any(${[...memberIds]}::text[]) and at <= ${now - DAY_MS}`;
  await tx.sql`insert into board_nudges (tenant_id, person_id, run_id, at) select ${tenantId}, id, ${runId}, ${now} from unnest(${[...memberIds]}::text[]) as n (id) on conflict do nothing`;
}
