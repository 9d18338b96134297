import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../src/domain/ids.ts';
import type { AttemptOutcome, DeliveryState, DisabledReason } from '../../src/domain/webhook/delivery-states.ts';
import type { WebhookMessageId } from '../../src/domain/webhook/message-id.ts';
import type { Tx } from '../client.ts';

/** Instants are epoch ms. */
export type EndpointView = {
  id: WebhookEndpointId;
  url: string;
  description: string;
  eventTypes: string[];
  oldSecretUntil: number | null;
  failingSince: number | null;
  disabledAt: number | null;
  disabledReason: DisabledReason | null;
  createdAt: number;
};

export type DeliveryView = {
  id: WebhookDeliveryId;
  endpointId: WebhookEndpointId;
  eventId: WebhookMessageId;
  type: string;
  subjectId: string;
  sequenceOf: string | null;
  sequence: number | null;
  state: DeliveryState;
  reason: string | null;
  lastStatus: number | null;
  attempts: number;
  nextAt: number | null;
  createdAt: number;
  endedAt: number | null;
};

export type AttemptView = { n: number; outcome: AttemptOutcome; reason: string | null; status: number | null; tookMs: number; at: number };
export type DeliveryFilter = { endpointId?: WebhookEndpointId | undefined; state?: DeliveryState | undefined; type?: string | undefined };

/** The tenant's endpoints, the oldest first: there are never more than ten. */
export async function listEndpoints(tx: Tx, tenantId: TenantId): Promise<EndpointView[]> {
  return tx.sql<EndpointView[]>`select ${endpointColumns(tx)} from webhook_endpoints where tenant_id = ${tenantId} and deleted_at is null order by id`;
}

/** One of them; null where there is none, or none any more. */
export async function readEndpoint(tx: Tx, id: WebhookEndpointId): Promise<EndpointView | null> {
  const [found] = await tx.sql<EndpointView[]>`select ${endpointColumns(tx)} from webhook_endpoints where id = ${id} and deleted_at is null`;
  return found ?? null;
}

/** The log, newest first, up to `limit` after a delivery. */
export async function listDeliveries(tx: Tx, tenantId: TenantId, { after, limit, filter }: { after: string | null; limit: number; filter: DeliveryFilter }): Promise<DeliveryView[]> {
  return tx.sql<DeliveryView[]>`
    select ${deliveryColumns(tx)} from webhook_deliveries d join webhook_events v on v.id = d.event_id
    where d.tenant_id = ${tenantId}
      ${after === null ? tx.sql`` : tx.sql`and d.id < ${after}`}
      ${filter.endpointId === undefined ? tx.sql`` : tx.sql`and d.endpoint_id = ${filter.endpointId}`}
      ${filter.state === undefined ? tx.sql`` : tx.sql`and d.state = ${filter.state}`}
      ${filter.type === undefined ? tx.sql`` : tx.sql`and v.type = ${filter.type}`}
    order by d.id desc limit ${limit}`;
}

/** One delivery with its tries and what it says (`data`); null where there is none. */
export async function readDelivery(tx: Tx, id: WebhookDeliveryId): Promise<(DeliveryView & { at: number; data: Record<string, unknown>; tries: AttemptView[] }) | null> {
  const [found] = await tx.sql<(DeliveryView & { at: number; data: Record<string, unknown> })[]>`
    select ${deliveryColumns(tx)}, v.at, v.data from webhook_deliveries d join webhook_events v on v.id = d.event_id where d.id = ${id}`;
  if (found === undefined) return null;
  const tries = await tx.sql<AttemptView[]>`
    select n, outcome, reason, status, took_ms as "tookMs", at from webhook_attempts where delivery_id = ${id} order by n`;
  return { ...found, tries: [...tries] };
}

/** When the tenant's next delivery is due (epoch ms; a claimed one at the end of its lease); null: none waits. */
export async function nextDeliveryAt(tx: Tx, tenantId: TenantId): Promise<number | null> {
  const [row] = await tx.sql<{ at: number | null }[]>`
    select min(d.due_at) as at from webhook_endpoints e
    cross join lateral (select due_at from webhook_deliveries where endpoint_id = e.id and due_at is not null order by due_at limit 1) d
    where e.tenant_id = ${tenantId}`;
  return row?.at ?? null;
}

function endpointColumns({ sql }: Tx) {
  return sql`id, url, description, event_types as "eventTypes", old_secret_until as "oldSecretUntil", failing_since as "failingSince",
    disabled_at as "disabledAt", disabled_reason as "disabledReason", created_at as "createdAt"`;
}

function deliveryColumns({ sql }: Tx) {
  return sql`d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", v.type, v.subject_id as "subjectId", v.sequence_of as "sequenceOf", v.sequence,
    d.state, d.reason, d.last_status as "lastStatus", d.attempts, d.due_at as "nextAt", d.created_at as "createdAt", d.ended_at as "endedAt"`;
}
