import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { MemberId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** A stored fact. `referrerId`: the member whose link it names. Instants in epoch ms. */
export type EventView = {
  eventId: string;
  type: string;
  memberId: MemberId | null;
  externalId: string | null;
  clickId: TouchId | null;
  code: string | null;
  referrerId: MemberId | null;
  properties: Record<string, string | number | boolean | null>;
  occurredAt: number;
  receivedAt: number;
  detail: Omit<EventDetail, 'paymentFingerprint'> | null;
};

export type EventPlace = { receivedAt: number; eventId: string };
export type EventFilter = { type?: string | undefined; externalId?: string | undefined; code?: string | undefined };

/** Facts in the order they came in, newest first, after (older than) a place. */
export async function listEvents(tx: Tx, tenantId: TenantId, page: { after: EventPlace | null; limit: number; filter: EventFilter }): Promise<EventView[]> {
  const { after, limit, filter } = page;
  return tx.sql<EventView[]>`
    select e.event_id as "eventId", e.type, e.member_id as "memberId", m.external_id as "externalId", e.touch_id as "clickId", e.code,
           coalesce(l.member_id, b.member_id) as "referrerId", e.properties, e.occurred_at as "occurredAt", e.received_at as "receivedAt", e.detail
    from events e
    left join members m on m.id = e.member_id
    left join links l on l.code = e.code
    left join invite_batches b on b.id = l.batch_id
    where e.tenant_id = ${tenantId}
      ${filter.type === undefined ? tx.sql`` : tx.sql`and e.type = ${filter.type}`}
      ${filter.externalId === undefined ? tx.sql`` : tx.sql`and e.member_id = (select id from members where tenant_id = ${tenantId} and external_id = ${filter.externalId})`}
      ${filter.code === undefined ? tx.sql`` : tx.sql`and e.code = ${filter.code}`}
      ${after === null ? tx.sql`` : tx.sql`and (e.received_at, e.event_id) < (${after.receivedAt}::timestamptz, ${after.eventId})`}
    order by e.received_at desc, e.event_id desc limit ${limit}`;
}
