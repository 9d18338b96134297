import type { MemberId, TenantId, TouchId } from '../../src/domain/ids.ts';
import { newId } from '../../src/config/new-id.ts';
import type { Tx } from '../client.ts';
import { closeJoinedOf } from './close-joined-of.ts';
import type { Joined } from './close-joined-of.ts';
import { countViews } from './count-views.ts';
import { ensureMembers } from './ensure-members.ts';
import { findTrails } from './find-trails.ts';
import type { Trail } from './find-trails.ts';

/** One fact, of the right shape. `externalId`: the tenant's own id of the member. Instants in epoch ms. */
export type EventFact = {
  eventId: string;
  type: string;
  occurredAt: number;
  externalId: string | null;
  clickId: TouchId | null;
  code: string | null;
  properties: Readonly<Record<string, string | number | boolean | null>>;
};

/** `duplicate`: it was stored before, under the same eventId. `unknown_code`: a fact about a link, and there is no such link. */
export type StoredEvent = { outcome: 'stored'; matched: { click: boolean; code: boolean } } | { outcome: 'duplicate' } | { outcome: 'unknown_code' };

/** Facts that mean nothing without their link. */
export const ABOUT_A_LINK: ReadonlySet<string> = new Set(['link_viewed', 'clickout']);

type Row = { fact: EventFact; trail: Trail; memberId: MemberId | null; touchId: TouchId | null };

/**
 * Stores facts, each once by its eventId, in any order; answers them in the order given. A member nobody has heard of is
 * made, since a fact must not be lost. A sign-up closes the open invites of the member's mailbox and of the link it came
 * by; a view of a link becomes a touch.
 */
export async function storeEvents(tx: Tx, { tenantId, facts, now }: { tenantId: TenantId; facts: readonly EventFact[]; now: number }): Promise<StoredEvent[]> {
  const trails = await findTrails(tx, facts);
  const known = await knownEventIds(tx, tenantId, facts.map((fact) => fact.eventId));
  const wanted = new Map<string, Omit<Row, 'memberId' | 'touchId'>>();
  facts.forEach((fact, index) => {
    const trail = trails[index];
    if (trail === undefined || known.has(fact.eventId) || wanted.has(fact.eventId) || lacksItsLink(fact, trail)) return;
    wanted.set(fact.eventId, { fact, trail });
  });
  const members = await ensureMembers(tx, tenantId, [...wanted.values()].flatMap(({ fact }) => fact.externalId ?? []), now);
  const rows = [...wanted.values()].map(({ fact, trail }): Row => ({
    fact, trail,
    memberId: fact.externalId === null ? null : members.get(fact.externalId)?.id ?? null,
    touchId: fact.type === 'link_viewed' ? newId('tch', now) : trail.click?.id ?? null,
  }));
  const stored = await writeEvents(tx, tenantId, rows, now);
  await settleSignUps(tx, tenantId, rows.filter(({ fact }) => fact.type === 'signed_up' && stored.has(fact.eventId)), now);
  const taken = new Set<string>();
  return facts.map((fact, index): StoredEvent => {
    const trail = trails[index];
    if (trail === undefined || (lacksItsLink(fact, trail) && !known.has(fact.eventId))) return { outcome: 'unknown_code' };
    if (!stored.has(fact.eventId) || taken.has(fact.eventId)) return { outcome: 'duplicate' };
    taken.add(fact.eventId);
    return { outcome: 'stored', matched: { click: trail.click !== null, code: trail.link !== null } };
  });
}

function lacksItsLink(fact: EventFact, trail: Trail): boolean {
  return ABOUT_A_LINK.has(fact.type) && trail.link === null;
}

async function knownEventIds(tx: Tx, tenantId: TenantId, eventIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql<{ eventId: string }[]>`select event_id as "eventId" from events where tenant_id = ${tenantId} and event_id = any(${eventIds}::text[])`;
  return new Set(rows.map((row) => row.eventId));
}

/** Sign-ups close what invited them: the open invites to the member's mailbox, and the invite whose link they came by. */
async function settleSignUps(tx: Tx, tenantId: TenantId, rows: readonly Row[], now: number): Promise<void> {
  const memberIds = rows.flatMap(({ memberId }) => memberId ?? []);
  if (memberIds.length === 0) return;
  const joined = await tx.sql<Joined[]>`
    select m.id as "memberId", c.email_hash as "recipientHash" from members m join contacts c on c.id = m.contact_id
    where m.id = any(${memberIds}::text[]) and c.email_hash is not null`;
  const byLink = rows.flatMap(({ memberId, trail }) => (memberId === null || trail.link?.invite == null ? [] : [{ memberId, ...trail.link.invite }]));
  await closeJoinedOf(tx, { tenantId, joined, byLink, now, cause: 'signed_up' });
}

/** Events and the touches of views in one statement: a view that turns out to be stored already leaves no touch. */
async function writeEvents(tx: Tx, tenantId: TenantId, rows: readonly Row[], now: number): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const sorted = rows.toSorted((a, b) => (a.fact.eventId < b.fact.eventId ? -1 : 1));
  const views = await countViews(tx, sorted.flatMap(({ fact, trail, memberId, touchId }) =>
    (fact.type === 'link_viewed' && trail.link !== null && touchId !== null ? [{ touchId, code: trail.link.code, visitorId: memberId, at: fact.occurredAt }] : [])));
  const stored = await tx.sql<{ eventId: string }[]>`
    with stored as (
      insert into events (tenant_id, event_id, type, member_id, touch_id, code, properties, occurred_at, received_at)
      select ${tenantId}, e.id, e.type, e.member_id, e.touch_id, e.code, e.properties, e.occurred_at, ${now}
      from unnest(${sorted.map(({ fact }) => fact.eventId)}::text[], ${sorted.map(({ fact }) => fact.type)}::text[], ${sorted.map((row) => row.memberId)}::text[],
                  ${sorted.map((row) => row.touchId)}::text[], ${sorted.map(({ trail }) => trail.link?.code ?? null)}::text[],
                  ${sorted.map(({ fact }) => JSON.stringify(fact.properties))}::jsonb[], ${sorted.map(({ fact }) => fact.occurredAt)}::timestamptz[])
             with ordinality as e (id, type, member_id, touch_id, code, properties, occurred_at, place)
      order by e.place
      on conflict (tenant_id, event_id) do nothing
      returning event_id, touch_id
    ), seen as (
      insert into touches (id, tenant_id, code, kind, counted, why_not, visitor_id, agent_class, at, recorded_at)
      select v.id, ${tenantId}, v.code, 'view', v.why_not is null, v.why_not, v.visitor_id, 'app', v.at, ${now}
      from unnest(${views.map((view) => view.touchId)}::text[], ${views.map((view) => view.code)}::text[], ${views.map((view) => view.visitorId)}::text[],
                  ${views.map((view) => view.whyNot)}::text[], ${views.map((view) => view.at)}::timestamptz[]) as v (id, code, visitor_id, why_not, at)
      where v.id in (select touch_id from stored)
    )
    select event_id as "eventId" from stored`;
  return new Set(stored.map((row) => row.eventId));
}
