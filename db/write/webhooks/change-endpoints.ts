import type { TenantId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { cancelWaiting, disableEndpoint } from './disable-endpoint.ts';

export const MOST_ENDPOINTS = 10;
/** For so long after a rotation the old secret signs, too. */
export const OLD_SECRET_SIGNS_MS = 24 * 3_600_000;

type By = { tenantId: TenantId; actor: string; now: number };
export type NewEndpoint = { url: string; description: string; eventTypes: readonly string[]; secretSealed: Uint8Array };
export type EndpointChange = { url?: string | undefined; description?: string | undefined; eventTypes?: readonly string[] | undefined; enabled?: boolean | undefined };

/** Makes an endpoint; null where the tenant has as many as it may. `url` was checked. */
export async function createEndpoint(tx: Tx, { url, description, eventTypes, secretSealed }: NewEndpoint, { tenantId, actor, now }: By): Promise<WebhookEndpointId | null> {
  // Two that are made at once must not both be the last.
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('webhook endpoints ' || ${tenantId}, 0))`;
  const [has] = await tx.sql<{ count: number }[]>`select count(*)::int as count from webhook_endpoints where tenant_id = ${tenantId} and deleted_at is null`;
  if ((has?.count ?? 0) >= MOST_ENDPOINTS) return null;
  const id = newId('whe', now);
  await tx.sql`
    insert into webhook_endpoints (id, tenant_id, url, description, event_types, secret_sealed, created_at)
    values (${id}, ${tenantId}, ${url}, ${description}, ${[...eventTypes]}::text[], ${secretSealed}, ${now})`;
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'webhook_endpoint_made', rule: 'Events of these types are told to this endpoint from now on.', inputs: { eventTypes }, actor, now });
  return id;
}

/** Changes what is named; false where there is no such endpoint. Enabled again, it gets what is announced from then on. */
export async function changeEndpoint(tx: Tx, id: WebhookEndpointId, change: EndpointChange, { tenantId, actor, now }: By): Promise<boolean> {
  const { url, description, eventTypes, enabled } = change;
  const [found] = await tx.sql<{ disabled: boolean }[]>`
    select disabled_at is not null as disabled from webhook_endpoints where id = ${id} and deleted_at is null for no key update`;
  if (found === undefined) return false;
  await tx.sql`
    update webhook_endpoints set url = coalesce(${url ?? null}, url), description = coalesce(${description ?? null}, description),
      event_types = coalesce(${eventTypes === undefined ? null : [...eventTypes]}::text[], event_types)
    where id = ${id}`;
  if (enabled === false) await disableEndpoint(tx, { tenantId, endpointId: id, reason: 'by_you', actor, now });
  if (enabled === true && found.disabled) {
    await tx.sql`update webhook_endpoints set disabled_at = null, disabled_reason = null, failing_since = null where id = ${id}`;
    await recordDecision(tx, { tenantId, subjectId: id, kind: 'webhook_endpoint_enabled', rule: 'What is announced from now on is told to it.', inputs: {}, actor, now });
  }
  if (url !== undefined || eventTypes !== undefined) {
    const inputs = { ...(url === undefined ? {} : { urlChanged: true }), ...(eventTypes === undefined ? {} : { eventTypes }) };
    await recordDecision(tx, { tenantId, subjectId: id, kind: 'webhook_endpoint_changed', rule: 'The next try goes there.', inputs, actor, now });
  }
  return true;
}

/** From now on it gets nothing; its log stays. False where there is no such endpoint. */
export async function deleteEndpoint(tx: Tx, id: WebhookEndpointId, { tenantId, actor, now }: By): Promise<boolean> {
  const [deleted] = await tx.sql`update webhook_endpoints set deleted_at = ${now} where id = ${id} and deleted_at is null returning id`;
  if (deleted === undefined) return false;
  await cancelWaiting(tx, id, 'endpoint_deleted', now);
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'webhook_endpoint_deleted', rule: 'Nothing is told to it any more.', inputs: {}, actor, now });
  return true;
}

/** A new secret signs from now on, the one before it beside it for a day. False where there is no such endpoint. */
export async function rotateSecret(tx: Tx, id: WebhookEndpointId, secretSealed: Uint8Array, { tenantId, actor, now }: By): Promise<boolean> {
  const [rotated] = await tx.sql`
    update webhook_endpoints set old_secret_sealed = secret_sealed, old_secret_until = ${now + OLD_SECRET_SIGNS_MS}, secret_sealed = ${secretSealed}
    where id = ${id} and deleted_at is null returning id`;
  if (rotated === undefined) return false;
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'webhook_secret_rotated', rule: 'The new secret signs; the old one signs beside it for 24 hours.', inputs: {}, actor, now });
  return true;
}
