import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { MemberId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { countViews } from './count-views.ts';
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
  /** As `readEventDetail` gives it. */
  detail: EventDetail | null;
};

export type EventRow = { fact: EventFact; trail: Trail; memberId: MemberId | null; touchId: TouchId | null };

/** Which of these facts are stored already. */
export async function knownEventIds(tx: Tx, tenantId: TenantId, eventIds: readonly string[]): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const rows = await tx.sql<{ eventId: string }[]>`select event_id as "eventId" from events where tenant_id = ${tenantId} and event_id = any(${eventIds}::text[])`;
  return new Set(rows.map((row) => row.eventId));
}

/** Events and the touches of views in one statement: a view that turns out to be stored already leaves no touch. Answers what was stored now. */
export async function writeEvents(tx: Tx, tenantId: TenantId, rows: readonly EventRow[], now: number): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const sorted = rows.toSorted((a, b) => (a.fact.eventId < b.fact.eventId ? -1 : 1));
  const views = await countViews(tx, sorted.flatMap(({ fact, trail, memberId, touchId }) =>
    (fact.type === 'link_viewed' && trail.link !== null && touchId !== null ? [{ touchId, code: trail.link.code, visitorId: memberId, at: fact.occurredAt }] : [])));
  const stored = await tx.sql<{ eventId: string }[]>`
    with stored as (
      insert into events (tenant_id, event_id, type, member_id, touch_id, code, properties, detail, occurred_at, received_at)
      select ${tenantId}, e.id, e.type, e.member_id, e.touch_id, e.code, e.properties, nullif(e.detail, 'null'), e.occurred_at, ${now}
      from unnest(${sorted.map(({ fact }) => fact.eventId)}::text[], ${sorted.map(({ fact }) => fact.type)}::text[], ${sorted.map((row) => row.memberId)}::text[],
                  ${sorted.map((row) => row.touchId)}::text[], ${sorted.map(({ trail }) => trail.link?.code ?? null)}::text[],
                  ${sorted.map(({ fact }) => JSON.stringify(fact.properties))}::jsonb[], ${sorted.map(({ fact }) => JSON.stringify(kept(fact.detail)))}::jsonb[],
                  ${sorted.map(({ fact }) => fact.occurredAt)}::timestamptz[])
             with ordinality as e (id, type, member_id, touch_id, code, properties, detail, occurred_at, place)
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

/** A fingerprint names a person's card for good: here it is not kept, and where it counts only as a keyed hash. */
function kept(detail: EventDetail | null): EventDetail | null {
  return detail === null ? null : { ...detail, paymentFingerprint: undefined };
}
