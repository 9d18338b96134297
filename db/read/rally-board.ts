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
  /** Each score once, the best first. */
  readonly groups: readonly ScoreGroup[];
  /** The first ten; of those who tie, who got there first stands first. */
  readonly top: readonly BoardEntry[];
};

export const TOP = 10;
const PRACTISING_MS = 10 * 60_000;

type Row = Omit<BoardView, 'groups' | 'top'> & { groups: readonly (readonly [number, number])[] | null };

/** The board of a run; null where it has none. What it costs grows with the cohort (tens of ms at 50,000): pages share their readings. */
export async function readBoard({ sql }: Tx, { tenantId, runId, now }: { tenantId: TenantId; runId: RunId; now: number }): Promise<BoardView | null> {
  const [[row], top] = await Promise.all([
    sql<Row[]>`
      select b.title, least(b.ends_at, coalesce(r.cap_at, b.ends_at)) as "endsAt", r.outcome,
             r.closed_at is not null or b.closed_at is not null or b.ends_at <= ${now} or coalesce(r.cap_at <= ${now}, false) as "isOver",
             t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl", t.zone,
             (select count(*)::int from board_entries e where e.tenant_id = ${tenantId} and e.run_id = b.run_id and e.practised_at > ${now - PRACTISING_MS}) as practising,
             (select json_agg(json_build_array(g.score, g.people) order by g.score desc)
              from (select e.score, count(*)::int as people from board_entries e where e.tenant_id = ${tenantId} and e.run_id = b.run_id group by e.score) g) as groups
      from boards b join runs r on r.tenant_id = b.tenant_id and r.id = b.run_id join tenants t on t.id = b.tenant_id
      where b.tenant_id = ${tenantId} and b.run_id = ${runId}`,
    sql<BoardEntry[]>`
      select person_id as "personId", name_drawn as "nameDrawn", score, noted_rank as "notedRank" from board_entries
      where tenant_id = ${tenantId} and run_id = ${runId} order by score desc, achieved_at, person_id limit ${TOP}`,
  ]);
  if (row === undefined) return null;
  return { ...row, top, groups: (row.groups ?? []).map(([score, people]) => ({ score, people })) };
}

/** The row of one person; of a guest who has signed up, the member's. Null: not on this board. */
export async function readOwnEntry({ sql }: Tx, { tenantId, runId, personId }: { tenantId: TenantId; runId: RunId; personId: MemberId | GuestId }): Promise<BoardEntry | null> {
  const [row] = await sql<BoardEntry[]>`
    select person_id as "personId", name_drawn as "nameDrawn", score, noted_rank as "notedRank" from board_entries
    where tenant_id = ${tenantId} and run_id = ${runId}
      and person_id = coalesce((select g.member_id from guests g where g.tenant_id = ${tenantId} and g.id = ${personId}), ${personId})`;
  return row ?? null;
}
