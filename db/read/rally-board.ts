import type { GuestId, MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { ScoreGroup } from '../../src/domain/rally/ranks.ts';
import type { Tx } from '../client.ts';

/** One row of a board. */
export type BoardEntry = { readonly personId: MemberId | GuestId; readonly nameDrawn: number; readonly score: number; readonly notedRank: number | null };

/** A board as everybody sees it. Instants in epoch ms. */
export type BoardView = {
  readonly title: string;
  readonly endsAt: number;
  readonly isOver: boolean;
  /** How its run ended; null while that is open. */
  readonly outcome: string | null;
  readonly tenantName: string;
  readonly fromName: string;
  readonly postalAddress: string;
  readonly publicUrl: string;
  readonly zone: string;
  /** Who practised within the last ten minutes. */
  readonly practising: number;
  /** Everybody, the best first: each score that this reading shows by itself, those between two of them together. */
  readonly groups: readonly ScoreGroup[];
  /** The first ten; of those who tie, who got there first stands first. */
  readonly top: readonly BoardEntry[];
  /** The rows of those who were asked for, by the id that was asked for; who is not there is not on the board. */
  readonly own: ReadonlyMap<MemberId | GuestId, BoardEntry>;
};

/** `personIds`: whose rows to read beside the first ten; of a guest who has signed up, the member's. */
export type BoardToRead = { readonly tenantId: TenantId; readonly runId: RunId; readonly personIds: readonly (MemberId | GuestId)[]; readonly now: number };

export const TOP = 10;
const PRACTISING_MS = 10 * 60_000;

type Row = Omit<BoardView, 'groups' | 'top' | 'own'>;

/**
 * The board of a run; null where it has none. Four statements, whoever many are asked for. What they cost grows with the cohort, for whoever stands behind
 * the first ten has to be counted (some 25 ms at 50,000): pages share their readings.
 */
export async function readBoard({ sql }: Pick<Tx, 'sql'>, { tenantId, runId, personIds, now }: BoardToRead): Promise<BoardView | null> {
  const [[row], top, asked] = await Promise.all([
    sql<Row[]>`
      select b.title, least(b.ends_at, coalesce(r.cap_at, b.ends_at)) as "endsAt", r.outcome,
             r.closed_at is not null or b.closed_at is not null or b.ends_at <= ${now} or coalesce(r.cap_at <= ${now}, false) as "isOver",
             t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl", t.zone,
             (select count(*)::int from board_entries e where e.tenant_id = ${tenantId} and e.run_id = b.run_id and e.practised_at > ${now - PRACTISING_MS}) as practising
      from boards b join runs r on r.tenant_id = b.tenant_id and r.id = b.run_id join tenants t on t.id = b.tenant_id
      where b.tenant_id = ${tenantId} and b.run_id = ${runId}`,
    sql<BoardEntry[]>`
      select person_id as "personId", name_drawn as "nameDrawn", score, noted_rank as "notedRank" from board_entries
      where tenant_id = ${tenantId} and run_id = ${runId} order by score desc, achieved_at, person_id limit ${TOP}`,
    personIds.length === 0 ? [] : sql<(BoardEntry & { askedFor: MemberId | GuestId })[]>`
      select a.id as "askedFor", e.person_id as "personId", e.name_drawn as "nameDrawn", e.score, e.noted_rank as "notedRank"
      from unnest(${[...personIds]}::text[]) as a (id)
      left join guests g on g.tenant_id = ${tenantId} and g.id = a.id
      join board_entries e on e.tenant_id = ${tenantId} and e.run_id = ${runId} and e.person_id = coalesce(g.member_id, a.id)`,
  ]);
  if (row === undefined) return null;
  const own = new Map(asked.map(({ askedFor, ...entry }) => [askedFor, entry]));
  return { ...row, top, own, groups: await countGroups({ sql }, { tenantId, runId, shown: [...top, ...own.values()].map(({ score }) => score) }) };
}

/** One pass over the scores, whatever their number: each is counted between two of those that are shown. */
async function countGroups({ sql }: Pick<Tx, 'sql'>, { tenantId, runId, shown }: { tenantId: TenantId; runId: RunId; shown: readonly number[] }): Promise<ScoreGroup[]> {
  const from = [...new Set(shown.flatMap((score) => [score, score + 1]))].toSorted((a, b) => a - b);
  if (from.length === 0) return [];
  const counted = await sql<{ place: number; people: number }[]>`
    select width_bucket(score, ${from}::int[]) as place, count(*)::int as people from board_entries
    where tenant_id = ${tenantId} and run_id = ${runId} group by 1`;
  return counted.toSorted((a, b) => b.place - a.place).map(({ place, people }) => ({ score: from[place - 1] ?? -1, people }));
}
