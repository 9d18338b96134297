import type { MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import type { Tx } from '../../client.ts';
import { tellStreams } from '../tell-streams.ts';

/**
 * How a board ended. `others`: on it besides the member whose run it is; `winners`: members who share the first rank, with a score; guests win, too, but are nobody to be
 * told. `memberWon`: the run's own member is one of them.
 */
export type ClosedBoard = { readonly players: number; readonly others: number; readonly best: number; readonly winners: number; readonly memberWon: boolean };

/** Whoever wins is in the run in this role, so that the run can tell them; the run's own member keeps the own role. */
export const WINNER_ROLE = 'winner';
const MOST_WINNERS = 100;

/** Closes a board: nothing is scored any more. Locks it, and so waits for whoever is scoring. A repeat changes nothing and answers the same. */
export async function closeBoard(tx: Tx, { tenantId, runId, now }: { tenantId: TenantId; runId: RunId; now: number }): Promise<ClosedBoard> {
  await tx.sql`update boards set closed_at = ${now} where tenant_id = ${tenantId} and run_id = ${runId} and closed_at is null`;
  const [sums] = await tx.sql<{ players: number; others: number; best: number; memberId: MemberId | null }[]>`
    select count(e.*)::int as players, (count(e.*) filter (where e.person_id is distinct from r.member_id))::int as others, coalesce(max(e.score), 0) as best, r.member_id as "memberId"
    from runs r left join board_entries e on e.tenant_id = r.tenant_id and e.run_id = r.id
    where r.tenant_id = ${tenantId} and r.id = ${runId} group by r.member_id`;
  if (sums === undefined) throw new Error('a board without its run');
  const { players, others, best, memberId } = sums;
  const winners = best === 0 ? [] : await tx.sql<{ id: MemberId }[]>`
    select person_id as id from board_entries where tenant_id = ${tenantId} and run_id = ${runId} and score = ${best} and person_id like 'mbr\\_%' order by person_id <> ${memberId}, person_id limit ${MOST_WINNERS}`;
  await tx.sql`
    insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at)
    select ${tenantId}, ${runId}, id, ${WINNER_ROLE}, '{}', ${now} from unnest(${winners.flatMap(({ id }) => (id === memberId ? [] : [id]))}::text[]) as w (id)
    on conflict (tenant_id, run_id, person_id) do update set role = excluded.role`;
  tellStreams(tx, { tenantId, topics: [runTopic(runId)] });
  return { players, others, best, winners: winners.length, memberWon: winners.some(({ id }) => id === memberId) };
}
