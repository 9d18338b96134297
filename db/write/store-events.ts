import { newId } from '../../src/config/new-id.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { eventData } from '../../src/domain/run/fact-data.ts';
import { isToldByUs } from '../../src/domain/run/told-by-us.ts';
import type { PaymentRefusal } from '../../src/domain/payment/take-payment-facts.ts';
import type { Tx } from '../client.ts';
import { findByKeys } from './by-keys.ts';
import { closeJoinedOf } from './close-joined-of.ts';
import type { Joined } from './close-joined-of.ts';
import { creditSignUps } from './credit-sign-ups.ts';
import { ensureOthers, findMembers } from './ensure-members.ts';
import { findTrails } from './find-trails.ts';
import { keepMembers, lockPeople } from './lock-people.ts';
import { isAboutAPayment, recordPayments } from './record-payments.ts';
import { readGuests } from '../read/guest-claims.ts';
import { joinBoards } from './rally/join-boards.ts';
import { scoreFacts } from './rally/score-facts.ts';
import { joinGuests } from './runs/join-guest.ts';
import { tellEarlier, tellHappenings, type Happening } from './runs/tell-happenings.ts';
import { settleTouched } from './settle-touched.ts';
import { recordPractice } from './streaks/record-practice.ts';
import { knownEventIds, writeEvents } from './write-events.ts';
import type { EventFact, EventRow } from './write-events.ts';

export type { EventFact } from './write-events.ts';

/**
 * `duplicate`: it was stored before, under the same eventId. `unknown_code`: a fact about a link, and there is no such link.
 * `refused`: it contradicts what is known of its payment, and was not stored.
 */
export type StoredEvent =
  | { outcome: 'stored'; matched: { click: boolean; code: boolean; guest: boolean } }
  | { outcome: 'duplicate' }
  | { outcome: 'unknown_code' }
  | ({ outcome: 'refused' } & PaymentRefusal);

/** Facts that mean nothing without their link. */
export const ABOUT_A_LINK: ReadonlySet<string> = new Set(['link_viewed', 'clickout']);

type Storing = { tenantId: TenantId; facts: readonly EventFact[]; now: number };

/**
 * Stores facts, each once by its eventId, in any order; answers them in the order given. A member nobody has heard of is
 * made, since a fact must not be lost. A sign-up closes the open invites of the member's mailbox and of the link it came
 * by, makes a member of the guest whose token it brings, and decides who is credited for it; a view of a link becomes a touch; payments, refunds and disputes go to the
 * payment they name. What this means for rewards follows at once, in the same transaction.
 */
export async function storeEvents(tx: Tx, keyring: Keyring, { tenantId, facts, now }: Storing): Promise<StoredEvent[]> {
  findByKeys(tx);
  const [trails, known, there] = await Promise.all([
    findTrails(tx, facts), knownEventIds(tx, tenantId, facts.map((fact) => fact.eventId)), findMembers(tx, tenantId, facts.flatMap((fact) => fact.externalId ?? [])),
  ]);
  const wanted = new Map<string, Pick<EventRow, 'fact' | 'trail'>>();
  facts.forEach((fact, index) => {
    const trail = trails[index];
    if (trail === undefined || known.has(fact.eventId) || wanted.has(fact.eventId) || lacksItsLink(fact, trail)) return;
    wanted.set(fact.eventId, { fact, trail });
  });
  const members = await ensureOthers(tx, keyring, there, { tenantId, externalIds: [...wanted.values()].flatMap(({ fact }) => fact.externalId ?? []), now });
  const rows = [...wanted.values()].map(({ fact, trail }): EventRow => ({
    fact, trail,
    memberId: fact.externalId === null ? null : members.get(fact.externalId)?.id ?? null,
    touchId: fact.type === 'link_viewed' ? newId('tch', now) : trail.click?.id ?? null,
  }));
  const { stored, refused, guests } = await writeAll(tx, keyring, { tenantId, rows, now });
  const taken = new Set<string>();
  return facts.map((fact, index): StoredEvent => {
    const trail = trails[index];
    if (trail === undefined || (lacksItsLink(fact, trail) && !known.has(fact.eventId))) return { outcome: 'unknown_code' };
    const refusal = refused.get(fact.eventId);
    if (refusal !== undefined) return { outcome: 'refused', ...refusal };
    if (!stored.has(fact.eventId) || taken.has(fact.eventId)) return { outcome: 'duplicate' };
    taken.add(fact.eventId);
    return { outcome: 'stored', matched: { click: trail.click !== null, code: trail.link !== null, guest: guests.has(fact.eventId) } };
  });
}

type Rows = { tenantId: TenantId; rows: readonly EventRow[]; now: number };

/** In the order of locks that holds everywhere: members, batches and invites, the graph of referrals, payments, referrals and what they earn, streaks. */
async function writeAll(tx: Tx, keyring: Keyring, { tenantId, rows, now }: Rows): Promise<{ stored: ReadonlySet<string>; refused: ReadonlyMap<string, PaymentRefusal>; /** Sign-ups whose guest's token is this member's. */ guests: ReadonlyMap<string, unknown> }> {
  keepMembers(tx, rows.flatMap(({ memberId }) => memberId ?? []));
  const locking = lockPeople(tx, rows);
  const plain = rows.filter(({ fact }) => !isAboutAPayment(fact));
  // Nothing comes between the lock and facts about payments alone: those are sent behind it.
  if (plain.length > 0) await locking;
  const stored = await writeEvents(tx, tenantId, plain, now);
  const told = plain.filter(({ fact }) => stored.has(fact.eventId));
  const signUps = told.filter(({ fact }) => fact.type === 'signed_up');
  const { reached, places } = await joinGuests(tx, { tenantId, signUps, now });
  const guests = await readGuests(tx, signUps.flatMap(({ fact, memberId }) => (memberId === null ? [] : [{ eventId: fact.eventId, refereeId: memberId, guestToken: fact.detail?.guestToken ?? null }])));
  await writeEvents(tx, tenantId, reached, now);
  await settleSignUps(tx, tenantId, signUps, now);
  const created = await creditSignUps(tx, { tenantId, rows: signUps, now });
  const paying = rows.filter(({ fact }) => isAboutAPayment(fact));
  const payments = await recordPayments(tx, keyring, { tenantId, rows: paying, locking, now });
  const stands = payments.isHeard ? paying.filter(({ fact }) => payments.stored.has(fact.eventId)).map((row) => ({ ...row, memberId: row.memberId ?? payments.payerOf.get(row.fact.eventId) ?? null })) : [];
  const paid = [...stands, ...payments.waited];
  await tellHappenings(tx, { tenantId, happenings: [...told, ...paid].flatMap(happeningOf), now });
  // An app may have told of them as members before it told of the sign-up.
  await tellEarlier(tx, { tenantId, places, now });
  await joinBoards(tx, { tenantId, signUps, now });
  await scoreFacts(tx, { tenantId, rows: told, now });
  await settleTouched(tx, { tenantId, told: [...told, ...reached], ...payments, created, now });
  await recordPractice(tx, { tenantId, rows: [...told, ...reached], now });
  return { stored: new Set([...stored, ...payments.stored]), refused: payments.refused, guests };
}

/** What the runs of live loops may hear of it; an app may say of which run alone it speaks. */
function happeningOf({ fact: { eventId, type, occurredAt, properties, detail }, memberId }: EventRow): Happening[] {
  const { runId } = properties;
  return memberId === null || isToldByUs(type) ? [] : [{ personId: memberId, runId: typeof runId === 'string' ? runId : null, type, id: eventId, at: occurredAt, data: eventData(properties, detail) }];
}

function lacksItsLink(fact: EventFact, trail: EventRow['trail']): boolean {
  return ABOUT_A_LINK.has(fact.type) && trail.link === null;
}

/** Sign-ups close what invited them: the open invites to the member's mailbox, and the invite whose link they came by. */
async function settleSignUps(tx: Tx, tenantId: TenantId, rows: readonly EventRow[], now: number): Promise<void> {
  const memberIds = rows.flatMap(({ memberId }) => memberId ?? []);
  if (memberIds.length === 0) return;
  const joined = await tx.sql<Joined[]>`
    select m.id as "memberId", c.email_hash as "recipientHash" from members m join contacts c on c.id = m.contact_id
    where m.id = any(${memberIds}::text[]) and c.email_hash is not null`;
  const byLink = rows.flatMap(({ memberId, trail }) => (memberId === null || trail.link?.invite == null ? [] : [{ memberId, ...trail.link.invite }]));
  await closeJoinedOf(tx, { tenantId, joined, byLink, now, cause: 'signed_up' });
}
