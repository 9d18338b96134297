import type { FeedContent, FeedKind } from '../../src/domain/feed/feed-item.ts';
import type { PushReason } from '../../src/domain/feed/judge-push.ts';
import type { FeedItemId, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** An item as it stands. Instants in epoch ms. */
export type FeedItemView = {
  id: FeedItemId;
  memberId: MemberId;
  kind: FeedKind;
  topic: string;
  content: FeedContent;
  deepLink: string | null;
  createdAt: number;
  visibleFrom: number;
  expiresAt: number | null;
  pushAt: number | null;
  pushedAt: number | null;
  /** What its push waits for, or why there is none. */
  pushReason: PushReason | null;
  readAt: number | null;
  clickedAt: number | null;
  dismissedAt: number | null;
  withdrawnAt: number | null;
  movedAt: number;
};

/** Whose feed, and when. */
export type FeedAsked = { tenantId: TenantId; memberId: MemberId; now: number };
/** Where a page ended. */
export type FeedPlace = { visibleFrom: number; id: string };

/** What is shown to a member, what came last first, after (older than) a place. */
export async function listFeed(tx: Tx, { tenantId, memberId, now, after, limit }: FeedAsked & { after: FeedPlace | null; limit: number }): Promise<FeedItemView[]> {
  return tx.sql<FeedItemView[]>`${selectItems(tx)}
    where f.tenant_id = ${tenantId} and f.member_id = ${memberId} and ${isShownAt(tx, now)}
      ${after === null ? tx.sql`` : tx.sql`and (f.visible_from, f.id) < (${after.visibleFrom}::timestamptz, ${after.id})`}
    order by f.visible_from desc, f.id desc limit ${limit}`;
}

const MOST_COUNTED = 1_000;

/** How many of them the member has not read; counted up to a thousand. */
export async function countUnread(tx: Tx, { tenantId, memberId, now }: FeedAsked): Promise<number> {
  const [row] = await tx.sql<{ unread: number }[]>`
    select count(*)::int as unread from (
      select 1 from feed_items f where f.tenant_id = ${tenantId} and f.member_id = ${memberId} and f.read_at is null and ${isShownAt(tx, now)} limit ${MOST_COUNTED}) as counted`;
  return row?.unread ?? 0;
}

/** One item in whatever state; null where the tenant has none of that id. */
export async function readFeedItem(tx: Tx, tenantId: TenantId, id: FeedItemId): Promise<FeedItemView | null> {
  const [row] = await tx.sql<FeedItemView[]>`${selectItems(tx)} where f.tenant_id = ${tenantId} and f.id = ${id}`;
  return row ?? null;
}

/** What came, changed, went or ended in a member's feed after an instant, in the order in which it did. */
export async function feedMovedSince(tx: Tx, { tenantId, memberId, now, since, limit }: FeedAsked & { since: number; limit: number }): Promise<FeedItemView[]> {
  return tx.sql<FeedItemView[]>`${selectItems(tx)}
    where f.tenant_id = ${tenantId} and f.member_id = ${memberId} and f.visible_from <= ${now}
      and (f.moved_at > ${since} or f.visible_from > ${since} or (f.expires_at > ${since} and f.expires_at <= ${now}))
    order by greatest(f.moved_at, f.visible_from, case when f.expires_at <= ${now} then f.expires_at end), f.id limit ${limit}`;
}

/** When the next item shows that waits for its time, or one that is shown ends; null: none does. */
export async function nextTurn(tx: Tx, { tenantId, memberId, now }: FeedAsked): Promise<number | null> {
  const [row] = await tx.sql<{ at: number | null }[]>`
    select min(case when visible_from > ${now} then visible_from else expires_at end) as at from feed_items
    where tenant_id = ${tenantId} and member_id = ${memberId} and (visible_from > ${now} or expires_at > ${now}) and dismissed_at is null and withdrawn_at is null`;
  return row?.at ?? null;
}

function selectItems(tx: Tx) {
  return tx.sql`
    select f.id, f.member_id as "memberId", f.kind, f.topic, f.content, f.deep_link as "deepLink", f.created_at as "createdAt", f.visible_from as "visibleFrom", f.expires_at as "expiresAt",
           f.push_at as "pushAt", f.pushed_at as "pushedAt", f.push_reason as "pushReason", f.read_at as "readAt", f.clicked_at as "clickedAt", f.dismissed_at as "dismissedAt", f.withdrawn_at as "withdrawnAt", f.moved_at as "movedAt"
    from feed_items f`;
}

/** The same as `isShown` of the rules. */
function isShownAt(tx: Tx, now: number) {
  return tx.sql`f.visible_from <= ${now} and (f.expires_at is null or f.expires_at > ${now}) and f.dismissed_at is null and f.withdrawn_at is null`;
}
