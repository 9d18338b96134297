import { drawBytes } from '../../../src/config/draw-bytes.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import { WEBHOOKS_LANE } from '../../../src/domain/webhook/lane.ts';
import { makeMessageId, type WebhookMessageId } from '../../../src/domain/webhook/message-id.ts';
import type { Tx } from '../../client.ts';
import { notifyLane } from '../lane.ts';

/** So many events one request sends again. */
export const MOST_SENT_AGAIN = 2_000;

type Range = {
  tenantId: TenantId;
  endpointId: WebhookEndpointId;
  types: readonly string[];
  /** Events recorded at or after `from` and before `to` (epoch ms). */
  from: number;
  to: number;
  /** `missed`: what failed, was canceled, or was never sent to it; `all`: also what arrived. */
  which: 'missed' | 'all';
  now: number;
};

/**
 * Makes events of a range of time due for an endpoint, the oldest first, each with its id: those of the endpoint's types, also what was
 * announced while it was disabled or before it was made. What is waiting is left alone. `goesOnFrom` (epoch ms): there is more, from there on.
 */
export async function sendRangeAgain(tx: Tx, { tenantId, endpointId, types, from, to, which, now }: Range): Promise<{ queued: number; goesOnFrom: number | null }> {
  const before = which === 'all' ? ['failed', 'canceled', 'delivered'] : ['failed', 'canceled'];
  const events = await tx.sql<{ id: WebhookMessageId; recordedAt: number }[]>`
    select v.id, v.recorded_at as "recordedAt" from webhook_events v
    left join webhook_deliveries d on d.event_id = v.id and d.endpoint_id = ${endpointId}
    where v.tenant_id = ${tenantId} and v.id >= ${floorOf(from)} and v.id < ${floorOf(to)} and v.type = any(${[...types]}::text[])
      and (d.id is null or d.state = any(${before}::text[]))
    order by v.id limit ${MOST_SENT_AGAIN + 1}`;
  const taken = events.slice(0, MOST_SENT_AGAIN);
  if (taken.length === 0) return { queued: 0, goesOnFrom: null };
  await tx.sql`
    insert into webhook_deliveries (id, tenant_id, endpoint_id, event_id, state, due_at, created_at)
    select d.id, ${tenantId}, ${endpointId}, d.event_id, 'waiting', ${now}::timestamptz, ${now}::timestamptz
    from unnest(${taken.map(() => newId('whd', now))}::text[], ${taken.map(({ id }) => id)}::text[]) as d (id, event_id)
    on conflict (event_id, endpoint_id) do update
      set state = 'waiting', due_at = excluded.due_at, attempts_before = webhook_deliveries.attempts, reason = null, ended_at = null
      where webhook_deliveries.state <> 'waiting'`;
  await notifyLane(tx, tenantId, WEBHOOKS_LANE, now);
  return { queued: taken.length, goesOnFrom: events[MOST_SENT_AGAIN]?.recordedAt ?? null };
}

/** Makes one delivery due again, whatever became of it; its schedule begins anew. One that waits is tried at once. */
export async function sendOneAgain(tx: Tx, { tenantId, id, now }: { tenantId: TenantId; id: WebhookDeliveryId; now: number }): Promise<void> {
  await tx.sql`
    update webhook_deliveries set state = 'waiting', due_at = ${now}, attempts_before = attempts, reason = null, ended_at = null where id = ${id}`;
  await notifyLane(tx, tenantId, WEBHOOKS_LANE, now);
}

/** Makes an event of the type `webhook.test` for one endpoint alone, whatever types it wants. */
export async function sendTest(tx: Tx, { tenantId, endpointId, now }: { tenantId: TenantId; endpointId: WebhookEndpointId; now: number }): Promise<WebhookDeliveryId> {
  const [eventId, id] = [makeMessageId(now, drawBytes(10)), newId('whd', now)];
  await tx.sql`
    insert into webhook_events (id, tenant_id, type, subject_id, data, at, recorded_at)
    values (${eventId}, ${tenantId}, 'webhook.test', ${endpointId}, ${JSON.stringify({ endpointId })}, ${now}, ${now})`;
  await tx.sql`
    insert into webhook_deliveries (id, tenant_id, endpoint_id, event_id, state, due_at, created_at)
    values (${id}, ${tenantId}, ${endpointId}, ${eventId}, 'waiting', ${now}, ${now})`;
  await notifyLane(tx, tenantId, WEBHOOKS_LANE, now);
  return id;
}

/** The first id of an instant. */
function floorOf(at: number): string {
  return makeMessageId(Math.max(0, at), new Uint8Array(10));
}
