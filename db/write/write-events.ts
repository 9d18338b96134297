import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { MemberId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { countViews, type JudgedView } from './count-views.ts';
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
  const rows = await tx.sql<{ eventId: string }[]>`
    select e.event_id as "eventId" from unnest(${eventIds}::text[]) as n (id)
    cross join lateral (select event_id from events where tenant_id = ${tenantId} and event_id = n.id limit 1) e`;
  return new Set(rows.map((row) => row.eventId));
}

/** Events and the touches of views in one statement: a view that turns out to be stored already leaves no touch. Answers what was stored now. */
export async function writeEvents(tx: Tx, tenantId: TenantId, rows: readonly EventRow[], now: number): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const sorted = rows.toSorted(byEventId);
  const views = await countViews(tx, sorted.flatMap(({ fact, trail, memberId, touchId }) =>
    (fact.type === 'link_viewed' && trail.link !== null && touchId !== null ? [{ touchId, code: trail.link.code, visitorId: memberId, at: fact.occurredAt }] : [])));
  const stored = await tx.sql<{ eventId: string }[]>`${insertEvents(tx, { tenantId, sorted, views, now })} select event_id as "eventId" from stored`;
  return new Set(stored.map((row) => row.eventId));
}

/**
 * Events of which none is stored and none is a view, sent and not waited for. Where one of them came under the same eventId at this
 * instant all the same, by another road, the transaction begins again, and finds it stored.
 */
export function writeNewEvents(tx: Tx, tenantId: TenantId, rows: readonly EventRow[], now: number): void {
  if (rows.length === 0) return;
  tx.answerLater(tx.sql`${insertEvents(tx, { tenantId, sorted: rows.toSorted(byEventId), views: [], now })}
    select begin_again('an event was stored meanwhile') from (select count(*) as n from stored) as now_stored where n < ${rows.length}`);
}

type Insert = { tenantId: TenantId; sorted: readonly EventRow[]; views: readonly JudgedView[]; now: number };

/** Its `stored` names those that were not there before. */
function insertEvents(tx: Tx, { tenantId, sorted, views, now }: Insert) {
  return tx.sql`
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
    )`;
}

/** Of two requests with the same events, each would else wait for the other. */
function byEventId(a: EventRow, b: EventRow): number {
  return a.fact.eventId < b.fact.eventId ? -1 : 1;
}

/** A fingerprint names a person's card for good: here it is not kept, and where it counts only as a keyed hash. A guest's token opens a page: it is never kept. */
function kept(detail: EventDetail | null): EventDetail | null {
  return detail === null ? null : { ...detail, paymentFingerprint: undefined, guestToken: undefined };
}
