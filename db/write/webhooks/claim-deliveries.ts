import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import type { WebhookMessageId } from '../../../src/domain/webhook/message-id.ts';
import type { Tx } from '../../client.ts';

/** A delivery that is ours until its lease is over, with all it takes to send it. Instants are epoch ms. */
export type ClaimedDelivery = {
  id: WebhookDeliveryId;
  endpointId: WebhookEndpointId;
  eventId: WebhookMessageId;
  /** Which try of all this is; with the id it names the try. */
  attempt: number;
  /** Which try since it was last sent by hand: says what comes after it. */
  tries: number;
  url: string;
  secretSealed: Uint8Array;
  oldSecretSealed: Uint8Array | null;
  oldSecretUntil: number | null;
  type: string;
  subjectId: string;
  sequenceOf: string | null;
  sequence: number | null;
  data: Record<string, unknown>;
  at: number;
};

export type Claim = {
  tenantId: TenantId;
  /** How many of an endpoint may be on the wire at once, and how many are. */
  placesAnEndpoint: number;
  onTheWire: ReadonlyMap<WebhookEndpointId, number>;
  /** A delivery that is not recorded within this is due again: its worker is gone. */
  leaseMs: number;
  now: number;
};

/**
 * Takes what is due, of each endpoint no more than it has places left: the oldest first. Whoever claims beside passes over what is
 * taken. What waits for an endpoint that was disabled while it was announced ends as canceled.
 */
export async function claimDeliveries(tx: Tx, { tenantId, placesAnEndpoint, onTheWire, leaseMs, now }: Claim): Promise<ClaimedDelivery[]> {
  await tx.sql`
    update webhook_deliveries set state = 'canceled', reason = 'endpoint_disabled', due_at = null, ended_at = ${now}
    where tenant_id = ${tenantId} and due_at <= ${now}
      and endpoint_id in (select id from webhook_endpoints where tenant_id = ${tenantId} and (disabled_at is not null or deleted_at is not null))`;
  return tx.sql<ClaimedDelivery[]>`
    with free as (
      select e.id, ${placesAnEndpoint}::int - coalesce(w.count, 0) as places
      from webhook_endpoints e
      left join unnest(${[...onTheWire.keys()]}::text[], ${[...onTheWire.values()]}::int[]) as w (endpoint_id, count) on w.endpoint_id = e.id
      where e.tenant_id = ${tenantId} and e.disabled_at is null and e.deleted_at is null
    ), due as (
      select d.id from free f cross join lateral (
        select id from webhook_deliveries where endpoint_id = f.id and due_at <= ${now} order by due_at, id limit greatest(f.places, 0) for no key update skip locked
      ) d
    ), claimed as (
      update webhook_deliveries d set attempts = d.attempts + 1, due_at = ${now + leaseMs} from due where d.id = due.id
      returning d.id, d.endpoint_id, d.event_id, d.attempts, d.attempts_before
    )
    select c.id, c.endpoint_id as "endpointId", c.event_id as "eventId", c.attempts as attempt, c.attempts - c.attempts_before as tries,
      e.url, e.secret_sealed as "secretSealed", e.old_secret_sealed as "oldSecretSealed", e.old_secret_until as "oldSecretUntil",
      v.type, v.subject_id as "subjectId", v.sequence_of as "sequenceOf", v.sequence, v.data, v.at
    from claimed c join webhook_endpoints e on e.id = c.endpoint_id join webhook_events v on v.id = c.event_id
    order by c.event_id, c.id`;
}
