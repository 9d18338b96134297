import type { GuestId, MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import { drawName } from '../../../src/domain/rally/anonymous-name.ts';
import type { Tx } from '../../client.ts';
import { tellStreams } from '../tell-streams.ts';
import type { EventRow } from '../write-events.ts';

/** Puts members who have just signed up by the link of a run with an open board on that board, without a score yet; who is on it keeps the row. */
export async function joinBoards(tx: Tx, { tenantId, signUps, now }: { tenantId: TenantId; signUps: readonly EventRow[]; now: number }): Promise<void> {
  const coming = signUps.flatMap(({ memberId, trail }) => (memberId === null || trail.link === null ? [] : [{ memberId, code: trail.link.code }]));
  if (coming.length === 0) return;
  const joining = await tx.sql<{ memberId: MemberId; runId: RunId }[]>`
    select distinct c.member_id as "memberId", b.run_id as "runId"
    from unnest(${coming.map(({ memberId }) => memberId)}::text[], ${coming.map(({ code }) => code)}::text[]) as c (member_id, code)
    cross join lateral (select run_id from links where code = c.code and tenant_id = ${tenantId} limit 1) l
    join boards b on b.tenant_id = ${tenantId} and b.run_id = l.run_id and b.closed_at is null and b.ends_at > ${now}
    order by 2, 1`;
  if (joining.length === 0) return;
  await tx.sql`
    insert into board_entries (tenant_id, run_id, person_id, name_drawn, score, achieved_at, joined_at)
    select ${tenantId}, j.run_id, j.person_id, j.name_drawn, 0, ${now}, ${now}
    from unnest(${joining.map(({ runId }) => runId)}::text[], ${joining.map(({ memberId }) => memberId)}::text[], ${joining.map(({ runId, memberId }) => drawName(runId, memberId))}::int[]) as j (run_id, person_id, name_drawn)
    order by 2, 3
    on conflict do nothing`;
  tellStreams(tx, { tenantId, topics: joining.map(({ runId }) => runTopic(runId)) });
}

/** A guest who has signed up: the row becomes the member's, name and rank with it. Who is on the board already keeps the better score: places are not added up. */
export async function moveEntries({ sql }: Tx, tenantId: TenantId, joined: readonly { readonly guestId: GuestId; readonly memberId: MemberId }[]): Promise<void> {
  await sql`
    with left_by as (
      delete from board_entries e using unnest(${joined.map(({ guestId }) => guestId)}::text[], ${joined.map(({ memberId }) => memberId)}::text[]) as g (guest_id, member_id)
      where e.tenant_id = ${tenantId} and e.person_id = g.guest_id
      returning e.run_id, g.member_id, e.name_drawn, e.score, e.achieved_at, e.practised_at, e.noted_rank, e.joined_at
    )
    insert into board_entries as e (tenant_id, run_id, person_id, name_drawn, score, achieved_at, practised_at, noted_rank, joined_at)
    select distinct on (run_id, member_id) ${tenantId}, run_id, member_id, name_drawn, score, achieved_at, practised_at, noted_rank, joined_at from left_by order by run_id, member_id, score desc
    on conflict (tenant_id, run_id, person_id) do update set
      score = greatest(e.score, excluded.score),
      achieved_at = case when excluded.score > e.score then excluded.achieved_at else e.achieved_at end,
      practised_at = greatest(e.practised_at, excluded.practised_at)`;
}
