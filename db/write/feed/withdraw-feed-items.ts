import { feedTopic } from '../../../src/domain/feed/feed-topic.ts';
import type { FeedItemId, MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { tellStreams } from '../tell-streams.ts';

/** Which items: one by its id, or all of a business fact. */
export type Withdrawn = { readonly id: FeedItemId } | { readonly key: string };

/** Takes items back: they leave the feed, and no push of theirs leaves any more. Repeating it changes nothing. Answers how many went. */
export async function withdrawFeedItems(tx: Tx, { tenantId, which, now }: { tenantId: TenantId; which: Withdrawn; now: number }): Promise<number> {
  const rows = await tx.sql<{ memberId: MemberId }[]>`
    update feed_items set withdrawn_at = ${now}, moved_at = ${now}
    where tenant_id = ${tenantId} and ${'id' in which ? tx.sql`id = ${which.id}` : tx.sql`key = ${which.key}`} and withdrawn_at is null
    returning member_id as "memberId"`;
  tellStreams(tx, { tenantId, topics: rows.map(({ memberId }) => feedTopic(memberId)) });
  return rows.length;
}
