import { drawBytes } from '../../../src/config/draw-bytes.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { TenantId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import { WEBHOOKS_LANE } from '../../../src/domain/webhook/lane.ts';
import { makeMessageId } from '../../../src/domain/webhook/message-id.ts';
import { isWebhookType } from '../../../src/domain/webhook/types.ts';
import { wantsType } from '../../../src/domain/webhook/wanted-types.ts';
import type { Tx } from '../../client.ts';
import { notifyLane } from '../lane.ts';

export type News = {
  /** One of `WEBHOOK_TYPES`. */
  readonly type: string;
  /** What it is about: the id of a referral, reward, payout or invite. */
  readonly subjectId: string;
  /** In which events are numbered: the referral's id. Null: they are not. */
  readonly sequenceOf: string | null;
  /** When it happened (epoch ms). */
  readonly at: number;
  /** Ids, figures, states; nothing of a person. */
  readonly data: Record<string, unknown>;
};

export type Endpoint = { readonly id: WebhookEndpointId; readonly eventTypes: readonly string[]; readonly disabled: boolean };
type ToAnnounce = { readonly tenantId: TenantId; readonly news: readonly News[]; readonly now: number; /** Where the caller has read them; left out: they are looked up. */ readonly endpoints?: readonly Endpoint[] };

/**
 * Tells the tenant's webhooks what happened, in the transaction in which it happened: the events that any endpoint wants are kept, and
 * each enabled endpoint that wants one gets a due delivery. One look where the tenant has no endpoint, two more statements otherwise,
 * nothing sent. Locks nothing but the numbers of the subjects (`sequenceOf`), whose own rows the caller holds. News of one subject are
 * numbered in the order given. Throws for a type that nobody could look up in the docs.
 */
export async function announce(tx: Tx, { tenantId, news, now, endpoints: known }: ToAnnounce): Promise<void> {
  if (news.length === 0) return;
  const unknown = news.find(({ type }) => !isWebhookType(type));
  if (unknown !== undefined) throw new Error(`${unknown.type} is no type of a webhook: add it to WEBHOOK_TYPES`);
  const endpoints = known ?? await loadEndpoints(tx, tenantId);
  const wanted = news.filter(({ type }) => endpoints.some(({ eventTypes }) => wantsType(eventTypes, type)));
  if (wanted.length === 0) return;
  const events = withIds(wanted, () => makeMessageId(now, drawBytes(10)));
  const deliveries = withIds(events.flatMap((event) => endpoints.filter(({ disabled, eventTypes }) => !disabled && wantsType(eventTypes, event.type))
    .map((endpoint) => ({ endpointId: endpoint.id, eventId: event.id }))), () => newId('whd', now));
  tx.answerLater(tx.sql`
    with given as (
      select * from unnest(${events.map(({ id }) => id)}::text[], ${events.map(({ type }) => type)}::text[], ${events.map(({ subjectId }) => subjectId)}::text[],
        ${events.map(({ sequenceOf }) => sequenceOf)}::text[], ${events.map(({ at }) => at)}::timestamptz[], ${events.map(({ data }) => JSON.stringify(data))}::jsonb[])
        with ordinality as g (id, type, subject_id, sequence_of, at, data, place)
    ), counted as (
      insert into webhook_sequences as s (tenant_id, subject_id, last)
      select ${tenantId}, sequence_of, count(*) from given where sequence_of is not null group by sequence_of order by sequence_of
      on conflict (tenant_id, subject_id) do update set last = s.last + excluded.last
      returning subject_id, last
    ), kept as (
      insert into webhook_events (id, tenant_id, type, subject_id, sequence_of, sequence, data, at, recorded_at)
      select g.id, ${tenantId}, g.type, g.subject_id, g.sequence_of,
        c.last - count(*) over (partition by g.sequence_of) + row_number() over (partition by g.sequence_of order by g.place), g.data, g.at, ${now}::timestamptz
      from given g left join counted c on c.subject_id = g.sequence_of
    )
    insert into webhook_deliveries (id, tenant_id, endpoint_id, event_id, state, due_at, created_at)
    select d.id, ${tenantId}, d.endpoint_id, d.event_id, 'waiting', ${now}::timestamptz, ${now}::timestamptz
    from unnest(${deliveries.map(({ id }) => id)}::text[], ${deliveries.map(({ endpointId }) => endpointId)}::text[], ${deliveries.map(({ eventId }) => eventId)}::text[])
      as d (id, endpoint_id, event_id)`);
  if (deliveries.length > 0) await notifyLane(tx, tenantId, WEBHOOKS_LANE, now);
}

/** The tenant's endpoints, disabled ones too: what they want is kept for them. */
export async function loadEndpoints({ sql }: Tx, tenantId: TenantId): Promise<Endpoint[]> {
  return sql<Endpoint[]>`
    select id, event_types as "eventTypes", disabled_at is not null as disabled from webhook_endpoints where tenant_id = ${tenantId} and deleted_at is null`;
}

/** Ids of one instant come in no order: these get the order of the news, in which they are also claimed and listed. */
function withIds<T extends object, I extends string>(rows: readonly T[], makeId: () => I): (T & { id: I })[] {
  const ids = rows.map(makeId).toSorted();
  return rows.flatMap((row, place) => {
    const id = ids[place];
    return id === undefined ? [] : [{ ...row, id }];
  });
}
