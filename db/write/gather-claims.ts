import type { Claim, ClaimKind } from '../../src/domain/credit/claim.ts';
import { inviteId, madeAt, type BatchId, type MemberId, type ProgramId, type TouchId } from '../../src/domain/ids.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { Tx } from '../client.ts';
import { readGuests } from '../read/guest-claims.ts';

/** A sign-up as credit is decided for it. `code`: one that somebody typed; `touchId`: the visit it named; `guestToken`: of the guest who has become this member. */
export type SignUpFact = { readonly eventId: string; readonly refereeId: MemberId; readonly at: number; readonly code: string | null; readonly touchId: TouchId | null; readonly guestToken?: string | null };

/** A claim of a link that names no program: which one it speaks for is said later. */
export type FoundClaim = Omit<Claim, 'programId'> & { readonly programId: ProgramId | null };

type Owner = { referrerId: MemberId; programId: ProgramId | null };
type Visit = Owner & { id: TouchId; at: number; visitorId: string };
/** The visit that a sign-up named may be by a link that is nobody's. */
type Touch = { id: TouchId; at: number; visitorId: string | null; referrerId: MemberId | null; programId: ProgramId | null };
type TypedLink = Owner & { code: string; revokedAt: number | null };
type Invited = { refereeId: MemberId; batchId: BatchId; n: number; referrerId: MemberId; programId: ProgramId; at: number };

/** Visitor ids are kept for 90 days. */
const VISITORS_KEPT_MS = 90 * 86_400_000;
const CLOCK_AHEAD_MS = 3_600_000;
/** Of one visitor, of one mailbox: the last ones count, and nobody who signs up has more. */
const MOST_OF_ONE = 50;

/**
 * Everything that speaks for somebody at these sign-ups, by the sign-up's event: a typed code, the visit that was named, other visits of
 * the same visitor, the challenge that a guest came by, invites to the mailbox or phone, open or closed. Visits from the same network are not looked for: a sign-up
 * tells no network but that of the visit it names, and where such a visit has no credit its neighbours should not either.
 */
export async function gatherClaims(tx: Tx, signUps: readonly SignUpFact[], now: number): Promise<Map<string, FoundClaim[]>> {
  const [typed, touches, invites, guests] = await Promise.all([
    readTyped(tx, signUps.flatMap(({ code }) => code ?? [])), readTouches(tx, signUps.flatMap(({ touchId }) => touchId ?? [])), readInvites(tx, signUps.map(({ refereeId }) => refereeId)),
    readGuests(tx, signUps),
  ]);
  const visits = groupBy(await readVisits(tx, [...touches.values()].flatMap(({ visitorId }) => visitorId ?? []), now), ({ visitorId }) => visitorId);
  const invited = groupBy(invites, ({ refereeId }) => refereeId);
  return new Map(signUps.map(({ eventId, refereeId, at, code, touchId }) => {
    const link = code === null ? undefined : typed.get(code);
    const touch = touchId === null ? undefined : touches.get(touchId);
    const others = touch === undefined || touch.visitorId === null ? [] : visits.get(touch.visitorId) ?? [];
    return [eventId, [
      ...(link === undefined || (link.revokedAt !== null && link.revokedAt <= at) ? [] : [claim(`code:${eventId}`, 'typed_code', link, at)]),
      ...(touch === undefined || touch.referrerId === null ? [] : [claim(touch.id, 'click_id', { referrerId: touch.referrerId, programId: touch.programId }, touch.at)]),
      ...(guests.get(eventId) ?? []).map((guest) => claim(guest.id, 'guest_token', guest, guest.at)),
      ...others.map((other) => claim(other.id, 'same_visitor', other, other.at)),
      ...(invited.get(refereeId) ?? []).map((invite) => claim(inviteId(invite), 'invited_contact', invite, invite.at)),
    ]];
  }));
}

function claim(id: string, kind: ClaimKind, { referrerId, programId }: Owner, at: number): FoundClaim {
  return { id, kind, referrerId, programId, at };
}

/** Links with whom and what they speak for; an invite's by its batch. */
const owned = ({ sql }: Tx) => sql`coalesce(l.member_id, b.member_id) as "referrerId", coalesce(l.program_id, b.program_id) as "programId"`;

async function readTyped(tx: Tx, codes: readonly string[]): Promise<Map<string, TypedLink>> {
  if (codes.length === 0) return new Map();
  const rows = await tx.sql<TypedLink[]>`
    select l.code, l.revoked_at as "revokedAt", ${owned(tx)} from links l left join invite_batches b on b.id = l.batch_id
    where l.code = any(${codes}::text[]) and coalesce(l.member_id, b.member_id) is not null`;
  return new Map(rows.map((row) => [row.code, row]));
}

async function readTouches(tx: Tx, ids: readonly TouchId[]): Promise<Map<TouchId, Touch>> {
  if (ids.length === 0) return new Map();
  const madeAts = ids.map(madeAt);
  const rows = await tx.sql<Touch[]>`
    select t.id, t.at, t.visitor_id as "visitorId", ${owned(tx)}
    from touches t join links l on l.code = t.code left join invite_batches b on b.id = l.batch_id
    where t.tenant_id = current_tenant() and t.id = any(${ids}::text[])
      and t.recorded_at between ${Math.min(...madeAts) - CLOCK_AHEAD_MS} and ${Math.max(...madeAts) + CLOCK_AHEAD_MS}`;
  return new Map(rows.map((row) => [row.id, row]));
}

async function readVisits(tx: Tx, visitorIds: readonly string[], now: number): Promise<Visit[]> {
  if (visitorIds.length === 0) return [];
  return tx.sql<Visit[]>`
    select t.id, t.at, v.id as "visitorId", ${owned(tx)}
    from unnest(${[...new Set(visitorIds)]}::text[]) as v (id)
    cross join lateral (
      select id, at, code from touches
      where tenant_id = current_tenant() and kind = 'click' and counted and visitor_id = v.id and recorded_at between ${now - VISITORS_KEPT_MS} and ${now + CLOCK_AHEAD_MS}
      order by recorded_at desc limit ${MOST_OF_ONE}
    ) t
    join links l on l.code = t.code left join invite_batches b on b.id = l.batch_id
    where coalesce(l.member_id, b.member_id) is not null`;
}

/** What was refused or canceled invited nobody. */
async function readInvites(tx: Tx, refereeIds: readonly MemberId[]): Promise<Invited[]> {
  return tx.sql<Invited[]>`
    select m.id as "refereeId", i."batchId", i.n, i."referrerId", i."programId", i.at
    from members m join contacts c on c.id = m.contact_id
    cross join lateral (
      select o.batch_id as "batchId", o.n, b.member_id as "referrerId", b.program_id as "programId", b.created_at as at
      from (select batch_id, n from invites where recipient_hash = c.email_hash and state not in ('refused', 'canceled')
            union select batch_id, n from invites where phone_hash = c.phone_hash and state not in ('refused', 'canceled')) o
      join invite_batches b on b.id = o.batch_id
      where b.member_id is not null order by b.created_at desc limit ${MOST_OF_ONE}
    ) i
    where m.id = any(${refereeIds}::text[])`;
}
