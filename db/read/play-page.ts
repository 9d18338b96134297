import type { GuestId, MemberId, ProgramId, RunId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Question } from '../../src/domain/play/deck.ts';
import type { Play } from '../../src/domain/play/judge-answer.ts';
import type { Tx } from '../client.ts';

/** A game as whoever plays it sees it. Which choices are right stands in no field but the sealed one. Instants in epoch ms. */
export type GameView = {
  runId: RunId;
  loop: string;
  programId: ProgramId | null;
  title: string | null;
  subject: string | null;
  questions: Question[];
  answersSealed: Uint8Array;
  rounds: number;
  scoreToBeat: number | null;
  endsAt: number;
  isOver: boolean;
  /** The member who asked has answered the same questions, where the loop is one in which both do. */
  hasMemberFinished: boolean;
  inviterSealed: Uint8Array | null;
  tenantName: string;
  fromName: string;
  postalAddress: string;
  publicUrl: string;
  zone: string;
  plays: Play[];
};

/** A game as one guest sees it. */
export type PlayView = GameView & {
  guestId: GuestId;
  /** The member that the guest has become. */
  joinedAs: MemberId | null;
  touchId: TouchId | null;
  code: string;
  /** Its questions place players on a board. */
  hasBoard: boolean;
  allowedDestinations: string[];
  destination: string;
  utm: Record<string, string>;
};

/** What every player's view holds of run (`r`), deck (`d`), tenant (`t`) and the contact of the run's member (`c`). */
export function gameColumns({ sql }: Tx, now: number) {
  return sql`
    r.id as "runId", r.loop, r.program_id as "programId", d.title, d.subject, d.questions, d.answers_sealed as "answersSealed", d.rounds, d.score_to_beat as "scoreToBeat",
    least(d.ends_at, coalesce(r.cap_at, d.ends_at)) as "endsAt", r.closed_at is not null or d.ends_at <= ${now} or coalesce(r.cap_at <= ${now}, false) as "isOver",
    exists (select from run_facts f where f.run_id = r.id and f.kind = 'member_finished') as "hasMemberFinished",
    c.name_sealed as "inviterSealed", t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl"`;
}

/** The game of the guest whose token has this hash; null where there is none by this link. `lock`: for who is about to answer. */
export async function readPlayPage(tx: Tx, asked: { tenantId: TenantId; tokenHash: Uint8Array; code: string; lock: boolean; now: number }): Promise<PlayView | null> {
  const { tenantId, tokenHash, code, now } = asked;
  const [row] = await tx.sql<Omit<PlayView, 'plays'>[]>`
    select g.id as "guestId", g.member_id as "joinedAs", g.touch_id as "touchId", l.code, ${gameColumns(tx, now)}, t.zone,
           exists (select from boards b where b.tenant_id = r.tenant_id and b.run_id = r.id) as "hasBoard",
           t.allowed_destinations as "allowedDestinations", coalesce(v.terms ->> 'destination', '') as destination, l.utm
    from guests g join runs r on r.tenant_id = g.tenant_id and r.id = g.run_id join decks d on d.tenant_id = g.tenant_id and d.run_id = g.run_id
    join links l on l.code = g.link_code join tenants t on t.id = g.tenant_id
    left join program_versions v on v.program_id = r.program_id and v.version = r.program_version
    left join members m on m.id = r.member_id left join contacts c on c.id = m.contact_id
    where g.tenant_id = ${tenantId} and g.token_hash = ${tokenHash} and g.link_code = ${code}
    ${asked.lock ? tx.sql`for no key update of g` : tx.sql``}`;
  return row === undefined ? null : { ...row, plays: await readPlays(tx, tenantId, row.runId, row.guestId) };
}

export async function readPlays({ sql }: Tx, tenantId: TenantId, runId: RunId, personId: GuestId | MemberId): Promise<Play[]> {
  return sql<Play[]>`
    select round, n, choice, is_right as "isRight", at from plays where tenant_id = ${tenantId} and run_id = ${runId} and person_id = ${personId} order by round, n`;
}
