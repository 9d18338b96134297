import type { TenantId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import { DISABLED_REASONS, type DeliveryReason, type DisabledReason } from '../../../src/domain/webhook/delivery-states.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { announce } from './announce.ts';

type Disabling = { tenantId: TenantId; endpointId: WebhookEndpointId; reason: DisabledReason; actor: string; now: number };

/**
 * An endpoint gets nothing any more, and what waits for it is canceled. Where it was not its owner who did it, the tenant's other
 * endpoints are told. False: it was disabled or deleted before.
 */
export async function disableEndpoint(tx: Tx, { tenantId, endpointId, reason, actor, now }: Disabling): Promise<boolean> {
  const [disabled] = await tx.sql`
    update webhook_endpoints set disabled_at = ${now}, disabled_reason = ${reason}
    where id = ${endpointId} and disabled_at is null and deleted_at is null returning id`;
  if (disabled === undefined) return false;
  await cancelWaiting(tx, endpointId, 'endpoint_disabled', now);
  await recordDecision(tx, { tenantId, subjectId: endpointId, kind: 'webhook_endpoint_disabled', rule: DISABLED_REASONS[reason], inputs: { reason }, actor, now });
  if (reason !== 'by_you') {
    await announce(tx, { tenantId, now, news: [{ type: 'webhook.endpoint_disabled', subjectId: endpointId, sequenceOf: null, at: now, data: { endpointId, reason } }] });
  }
  return true;
}

/** Ends what waits for an endpoint. */
export async function cancelWaiting(tx: Tx, endpointId: WebhookEndpointId, reason: DeliveryReason, now: number): Promise<void> {
  await tx.sql`
    update webhook_deliveries set state = 'canceled', reason = ${reason}, due_at = null, ended_at = ${now} where endpoint_id = ${endpointId} and due_at is not null`;
}
