import type { GuestId, MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Play } from '../../src/domain/play/judge-answer.ts';
import { FREEZE_UNITS } from '../../src/domain/streak/streak-names.ts';
import type { Tx } from '../client.ts';

/** One friend, as the member sees it: by the order of coming, never by name. */
export type WaitedFor = { readonly hasJoined: boolean; readonly plays: readonly Play[] };

/** A challenge as the member who asked sees it. Instants in epoch ms. */
export type WaitingView = {
  loop: string;
  title: string | null;
  questions: number;
  places: number;
  scoreToBeat: number | null;
  endsAt: number;
  isOver: boolean;
  outcome: string | null;
  /** Of the link that is passed on; null: it was revoked. */
  code: string | null;
  /** Those who would not play. */
  declined: number;
  /** The member who asked has answered the questions, too, where the loop is one in which both do. */
  hasFinished: boolean;
  /** The member has earned shields by it, and has them still. */
  hasShield: boolean;
  /** The member's own answers here, where both answer the same. */
  mine: Play[];
  memberId: MemberId | null;
  /** The first who came first. */
  friends: WaitedFor[];
  locale: string | null;
  tenantName: string;
  fromName: string;
  postalAddress: string;
  publicUrl: string;
  zone: string;
};

type Row = Omit<WaitingView, 'friends' | 'mine'>;
type Played = Play & { readonly personId: MemberId | GuestId };

/** The challenge of a run; null where it is none that is played. */
export async function readWaitingPage({ sql }: Tx, { tenantId, runId, now }: { tenantId: TenantId; runId: RunId; now: number }): Promise<WaitingView | null> {
  const [[row], guests, plays] = await Promise.all([
    sql<Row[]>`
      select r.loop, d.title, jsonb_array_length(d.questions) as questions, d.places, d.score_to_beat as "scoreToBeat",
             least(d.ends_at, coalesce(r.cap_at, d.ends_at)) as "endsAt", r.closed_at is not null or d.ends_at <= ${now} or coalesce(r.cap_at <= ${now}, false) as "isOver", r.outcome,
             (select l.code from links l where l.tenant_id = ${tenantId} and l.run_id = r.id and l.kind = 'share' and l.revoked_at is null order by l.created_at limit 1) as code,
             (select count(*)::int from run_facts f where f.run_id = r.id and f.kind in ('friend_declined', 'buddy_declined')) as declined,
             exists (select 1 from run_facts f where f.run_id = r.id and f.kind = 'member_finished') as "hasFinished",
             r.member_id as "memberId", exists (select from rewards w where w.run_id = r.id and w.member_id = r.member_id and w.unit = any(${[...FREEZE_UNITS]}::text[]) and w.state not in ('voided', 'reversed')) as "hasShield",
             m.locale, t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl", coalesce(m.zone, t.zone) as zone
      from runs r join decks d on d.tenant_id = r.tenant_id and d.run_id = r.id join tenants t on t.id = r.tenant_id left join members m on m.id = r.member_id
      where r.tenant_id = ${tenantId} and r.id = ${runId}`,
    sql<{ id: string; hasJoined: boolean }[]>`select id, member_id is not null as "hasJoined" from guests where tenant_id = ${tenantId} and run_id = ${runId} order by created_at, id limit 100`,
    sql<Played[]>`select person_id as "personId", round, n, choice, is_right as "isRight", at from plays where tenant_id = ${tenantId} and run_id = ${runId} order by round, n`,
  ]);
  if (row === undefined) return null;
  const playedBy = (id: string | null): Played[] => plays.filter(({ personId }) => personId === id);
  return { ...row, mine: playedBy(row.memberId), friends: guests.map(({ id, hasJoined }) => ({ hasJoined, plays: playedBy(id) })) };
}
