import { hashSecret } from '../../../src/config/keyring.ts';
import type { GuestId, MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { FIRST_VALUE_ANSWERS } from '../../../src/domain/play/deck.ts';
import { firstValueEventId, readGuestToken } from '../../../src/domain/play/guest-token.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import { bytesArray } from '../../array-params.ts';
import type { Tx } from '../../client.ts';
import { moveEntries } from '../rally/join-boards.ts';
import { tellStreams } from '../tell-streams.ts';
import type { EventRow } from '../write-events.ts';

/** Facts to be stored with the sign-ups, and whose places became whose: `tellEarlier` for each, once runs may be locked. */
export type JoinedGuests = { readonly reached: readonly EventRow[]; readonly places: readonly { readonly runId: RunId; readonly personId: MemberId }[] };
type Joined = { guestId: GuestId; memberId: MemberId; runId: RunId; valueAt: number | null };

/**
 * Makes members of guests whose tokens came with these sign-ups, each once: who comes second with a token is not joined. Their places in
 * runs become the member's. Answers the first values that the guests had reached before, as facts to be stored with the sign-up: they count
 * from then on. Locks the guests by id, after the members.
 */
export async function joinGuests(tx: Tx, { tenantId, signUps, now }: { tenantId: TenantId; signUps: readonly EventRow[]; now: number }): Promise<JoinedGuests> {
  const bringing = signUps.flatMap(({ fact, memberId }) => {
    const token = fact.detail?.guestToken === undefined ? null : readGuestToken(fact.detail.guestToken);
    return token === null || memberId === null || token.tenantId !== tenantId ? [] : [{ hash: hashSecret(token.secret), memberId, fact }];
  });
  if (bringing.length === 0) return NOBODY;
  const hashes = bytesArray(bringing.map(({ hash }) => hash));
  // Who is a member already is not locked: an answer of theirs locks guest and member, in this order.
  await tx.sql`select 1 from guests where tenant_id = ${tenantId} and token_hash = any(${hashes}::bytea[]) and member_id is null order by id for no key update`;
  const joined = await tx.sql<Joined[]>`
    with brought as (
      select distinct on (b.hash) b.hash, b.member_id from unnest(${hashes}::bytea[], ${bringing.map(({ memberId }) => memberId)}::text[]) with ordinality as b (hash, member_id, place)
      order by b.hash, b.place
    ), joined as (
      update guests g set member_id = b.member_id, joined_at = ${now}
      from brought b where g.tenant_id = ${tenantId} and g.token_hash = b.hash and g.member_id is null
      returning g.id, g.member_id, g.run_id
    )
    select j.id as "guestId", j.member_id as "memberId", j.run_id as "runId",
           (select p.at from plays p where p.tenant_id = ${tenantId} and p.run_id = j.run_id and p.person_id = j.id and p.round = 1
            order by p.n offset ${FIRST_VALUE_ANSWERS - 1} limit 1) as "valueAt"
    from joined j order by j.id`;
  if (joined.length === 0) return NOBODY;
  await movePlaces(tx, tenantId, joined);
  await moveEntries(tx, tenantId, joined);
  tellStreams(tx, { tenantId, topics: joined.map(({ runId }) => runTopic(runId)) });
  const reached = joined.flatMap(({ guestId, memberId, valueAt }): EventRow[] => {
    const signUp = bringing.find((row) => row.memberId === memberId);
    return valueAt === null || signUp === undefined ? [] : [{ fact: firstValueOf(guestId, signUp.fact), trail: { click: null, link: null }, memberId, touchId: null }];
  });
  return { reached, places: joined.map(({ runId, memberId }) => ({ runId, personId: memberId })).toSorted((a, b) => (a.runId < b.runId ? -1 : 1)) };
}

const NOBODY: JoinedGuests = { reached: [], places: [] };

/** Reached before, it counts from the sign-up. */
function firstValueOf(guestId: GuestId, { occurredAt, externalId }: EventRow['fact']): EventRow['fact'] {
  return { eventId: firstValueEventId(guestId), type: 'first_value', occurredAt, externalId, clickId: null, code: null, properties: {}, detail: null };
}

/** Where the member is in the run already, by itself or as another guest, that place stays. */
async function movePlaces({ sql }: Tx, tenantId: TenantId, joined: readonly Joined[]): Promise<void> {
  await sql`
    with left_by as (
      delete from run_people p using unnest(${joined.map(({ guestId }) => guestId)}::text[], ${joined.map(({ memberId }) => memberId)}::text[]) as g (guest_id, member_id)
      where p.tenant_id = ${tenantId} and p.person_id = g.guest_id
      returning p.run_id, g.member_id, p.role, p.hears, p.joined_at
    )
    insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at)
    select ${tenantId}, run_id, member_id, role, hears, joined_at from left_by order by run_id
    on conflict do nothing`;
}
