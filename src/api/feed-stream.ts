import { countUnread, feedMovedSince, listFeed, nextTurn } from '../../db/read/feed.ts';
import type { FeedAsked, FeedItemView } from '../../db/read/feed.ts';
import { isShown } from '../domain/feed/feed-item.ts';
import { feedTopic } from '../domain/feed/feed-topic.ts';
import type { FeedItemId, MemberId } from '../domain/ids.ts';
import { askDatabase } from './ask-database.ts';
import { feedItemBody } from './feed-body.ts';
import { sayItems } from './feed-words.ts';
import type { EventStream } from './answer.ts';
import type { Call } from './route.ts';

/** What a client begins with, and gets again where too much has changed to tell it bit by bit. */
const WHOLE = 20;
const MOST_CHANGES = 100;
/** What a stream remembers of what it told; beyond it the client gets the whole again. */
const MOST_TOLD = 1_000;
/** A transaction that commits late has an earlier instant: a look begins so far before the last one. */
const OVERLAP_MS = 60_000;
const LOOK_TIMEOUT_MS = 5_000;

/** The stream of one member's feed. Ids of its events are the instant up to which they tell. */
export function feedStream({ tenantId, services, until }: Call, memberId: MemberId): EventStream {
  /** What this stream has told within the overlap, and as of when. */
  const told = new Map<FeedItemId, number>();
  return {
    kind: 'stream', tenantId, topic: feedTopic(memberId), who: `member ${memberId}`, endsAt: until,
    look: (after) => askDatabase(services, LOOK_TIMEOUT_MS, () => services.db.asTenant(tenantId, async (tx) => {
      const asked: FeedAsked = { tenantId, memberId, now: services.clock.now() };
      const againAt = await nextTurn(tx, asked);
      const since = readId(after, asked.now);
      // What was told within the overlap is found again: it may not take the place of what is new.
      const limit = told.size + MOST_CHANGES + 1;
      const moved = since === null ? [] : (await feedMovedSince(tx, { ...asked, since: since - OVERLAP_MS, limit })).filter((item) => told.get(item.id) !== changedAt(item, asked.now));
      const isWhole = since === null || moved.length > MOST_CHANGES || told.size > MOST_TOLD;
      if (!isWhole && moved.length === 0) return { event: null, againAt };
      const items = isWhole ? await listFeed(tx, { ...asked, after: null, limit: WHOLE }) : moved;
      const upTo = Math.max(...(isWhole ? [asked.now] : moved.map((item) => changedAt(item, asked.now))), since ?? 0);
      forget(told, isWhole ? Infinity : upTo - OVERLAP_MS);
      for (const item of items) told.set(item.id, changedAt(item, asked.now));
      const shown = items.filter((item) => isShown(item, asked.now));
      const data = {
        whole: isWhole,
        items: (await sayItems({ tx, tenantId }, memberId, shown)).map(feedItemBody),
        removed: items.filter((item) => !isShown(item, asked.now)).map(({ id }) => id),
        unread: await countUnread(tx, asked),
      };
      return { event: { id: String(upTo), event: 'feed', data }, againAt };
    })),
  };
}

function changedAt({ movedAt, visibleFrom, expiresAt }: FeedItemView, now: number): number {
  return Math.max(movedAt, visibleFrom, expiresAt !== null && expiresAt <= now ? expiresAt : 0);
}

/** An id of ours; anything else, and what lies ahead of us, begins anew. */
function readId(id: string | null, now: number): number | null {
  const at = id !== null && /^\d{1,15}$/.test(id) ? Number(id) : null;
  return at === null || at > now + OVERLAP_MS ? null : at;
}

function forget(told: Map<FeedItemId, number>, before: number): void {
  for (const [id, at] of told) if (at < before) told.delete(id);
}
