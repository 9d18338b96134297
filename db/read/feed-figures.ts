import type { FeedKind } from '../../src/domain/feed/feed-item.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What became of the items of one topic and kind. `pushed…`: of those that were pushed. */
export type FeedFigures = {
  topic: string; kind: FeedKind;
  items: number; read: number; clicked: number; dismissed: number;
  pushed: number; pushedRead: number; pushedClicked: number;
  /** A push was asked for and did not leave, for a reason of our own. */
  pushesHeldBack: number;
};

/** Of the items made from one instant until before another (epoch ms), the largest topics first. */
export async function feedFigures({ sql }: Tx, { tenantId, from, until, most }: { tenantId: TenantId; from: number; until: number; most: number }): Promise<FeedFigures[]> {
  return sql<FeedFigures[]>`
    select topic, kind, count(*)::int as items, count(read_at)::int as read, count(clicked_at)::int as clicked, count(dismissed_at)::int as dismissed,
           count(pushed_at)::int as pushed, count(read_at) filter (where pushed_at is not null and read_at >= pushed_at)::int as "pushedRead",
           count(clicked_at) filter (where pushed_at is not null and clicked_at >= pushed_at)::int as "pushedClicked",
           count(*) filter (where push_at is null and push_reason is not null)::int as "pushesHeldBack"
    from feed_items where tenant_id = ${tenantId} and created_at >= ${from} and created_at < ${until}
    group by topic, kind order by items desc, topic, kind limit ${most}`;
}
