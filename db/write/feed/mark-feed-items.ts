import type { FeedKind, FeedMark } from '../../../src/domain/feed/feed-item.ts';
import { feedTopic } from '../../../src/domain/feed/feed-topic.ts';
import type { FeedItemId, MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { tellStreams } from '../tell-streams.ts';

/** `marked`: it is so from now on. `already`: it was before, and the first time stays. */
export type MarkOutcome = 'marked' | 'already' | 'unknown';
export type MarkToSet = { readonly id: FeedItemId; readonly as: FeedMark };
/** What a mark changed, for whoever goes by the facts: the key names what the item tells of. */
export type MarkedItem = { id: FeedItemId; key: string; kind: FeedKind; marks: FeedMark[] };

type Row = { id: FeedItemId; key: string; kind: FeedKind; readAt: number | null; clickedAt: number | null; dismissedAt: number | null };

/**
 * Notes what a member did with items of the own feed, each once: the first time stays. A click is a reading, too. Outcomes are in the order
 * given; items of others, and those not shown yet, are unknown. Locks the items in the order of their ids.
 */
export async function markFeedItems(tx: Tx, { tenantId, memberId, marks, now }: { tenantId: TenantId; memberId: MemberId; marks: readonly MarkToSet[]; now: number }): Promise<{ outcomes: MarkOutcome[]; changed: MarkedItem[] }> {
  const rows = await tx.sql<Row[]>`
    select id, key, kind, read_at as "readAt", clicked_at as "clickedAt", dismissed_at as "dismissedAt" from feed_items
    where tenant_id = ${tenantId} and member_id = ${memberId} and id = any(${[...new Set(marks.map(({ id }) => id))]}::text[]) and visible_from <= ${now}
    order by id for no key update`;
  const found = new Map(rows.map((row) => [row.id, { ...row, marks: new Set<FeedMark>() }]));
  const outcomes = marks.map(({ id, as }): MarkOutcome => {
    const item = found.get(id);
    if (item === undefined) return 'unknown';
    const isNew = !has(item, as);
    if (isNew) item.marks.add(as);
    if (as === 'clicked' && !has(item, 'read')) item.marks.add('read');
    return isNew ? 'marked' : 'already';
  });
  const changed = [...found.values()].filter((item) => item.marks.size > 0).map(({ id, key, kind, marks: set }): MarkedItem => ({ id, key, kind, marks: [...set] }));
  if (changed.length > 0) await writeMarks(tx, { tenantId, changed, now });
  if (changed.length > 0) tellStreams(tx, { tenantId, topics: [feedTopic(memberId)] });
  return { outcomes, changed };
}

function has({ readAt, clickedAt, dismissedAt, marks }: Row & { marks: ReadonlySet<FeedMark> }, mark: FeedMark): boolean {
  const at = { read: readAt, clicked: clickedAt, dismissed: dismissedAt }[mark];
  return at !== null || marks.has(mark);
}

async function writeMarks(tx: Tx, { tenantId, changed, now }: { tenantId: TenantId; changed: readonly MarkedItem[]; now: number }): Promise<void> {
  const idsOf = (mark: FeedMark): string[] => changed.flatMap(({ id, marks }) => (marks.includes(mark) ? [id] : []));
  await tx.sql`
    update feed_items set moved_at = ${now},
      read_at = case when id = any(${idsOf('read')}::text[]) then ${now} else read_at end,
      clicked_at = case when id = any(${idsOf('clicked')}::text[]) then ${now} else clicked_at end,
      dismissed_at = case when id = any(${idsOf('dismissed')}::text[]) then ${now} else dismissed_at end
    where tenant_id = ${tenantId} and id = any(${changed.map(({ id }) => id)}::text[])`;
}
