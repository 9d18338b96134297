import { newId } from '../../../src/config/new-id.ts';
import { feedTopic } from '../../../src/domain/feed/feed-topic.ts';
import type { NewFeedItem } from '../../../src/domain/feed/new-feed-item.ts';
import { pushNews } from '../../../src/domain/feed/push-news.ts';
import type { FeedItemId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { feedRecipients } from '../../read/feed-recipients.ts';
import type { FeedRecipient } from '../../read/feed-recipients.ts';
import { pushRules } from '../../read/feed-push-rules.ts';
import type { PushRules } from '../../read/feed-push-rules.ts';
import { tellStreams } from '../tell-streams.ts';
import { announce } from '../webhooks/announce.ts';
import { planPush, PUSH_WAITS_MS } from './plan-push.ts';

/** `already`: the member has an item of this key, as it was queued first. `opted_out`: the member wants nothing of the topic in the app. */
export type QueuedFeedItem = { readonly outcome: 'queued'; readonly id: FeedItemId; readonly pushAt: number | null } | { readonly outcome: 'already' | 'opted_out' | 'unknown_member' | 'over' };

/**
 * Puts items into members' feeds in the transaction of what they tell of: each key once a member. What is only shown waits for nobody's
 * hours, for it wakes nobody; a push beside it leaves by the rules of any message, at once where it may. Outcomes are in the order given. Two statements
 * whatever the count, a few more where something is pushed; locks nothing, and waits only for who queues the same.
 */
export async function queueFeedItems(tx: Tx, { tenantId, items, now }: { tenantId: TenantId; items: readonly NewFeedItem[]; now: number }): Promise<QueuedFeedItem[]> {
  if (items.length === 0) return [];
  const recipients = await feedRecipients(tx, { tenantId, asked: items });
  const rules = items.some(({ push }) => push === true) ? await pushRules(tx, tenantId) : null;
  const judged = items.map((item, place) => judge(item, recipients.get(place), rules, now));
  const rows = judged.flatMap((one) => (one.outcome === 'row' ? [one] : []));
  const inserted = rows.length === 0 ? new Set<string>() : await insertItems(tx, tenantId, rows, now);
  const fresh = rows.filter(({ id }) => inserted.has(id));
  await announce(tx, { tenantId, now, news: fresh.flatMap((row) => (row.pushedAt === null ? [] : pushOf(row, now))) });
  tellStreams(tx, { tenantId, topics: fresh.map(({ item }) => feedTopic(item.memberId)) });
  return judged.map((one): QueuedFeedItem => {
    if (one.outcome !== 'row') return one;
    return inserted.has(one.id) ? { outcome: 'queued', id: one.id, pushAt: one.pushAt } : { outcome: 'already' };
  });
}

type Row = { outcome: 'row'; id: FeedItemId; item: NewFeedItem; externalId: string; visibleFrom: number; pushAt: number | null; pushedAt: number | null };

function judge(item: NewFeedItem, recipient: FeedRecipient | undefined, rules: PushRules | null, now: number): Row | { outcome: 'opted_out' | 'unknown_member' | 'over' } {
  if (recipient === undefined) return { outcome: 'unknown_member' };
  if (recipient.inAppOff) return { outcome: 'opted_out' };
  const visibleFrom = Math.max(now, item.visibleFrom ?? now);
  if (item.expiresAt !== undefined && item.expiresAt <= visibleFrom) return { outcome: 'over' };
  const isPushed = item.push === true && item.content.kind === 'words' && !recipient.pushOff;
  const until = Math.min(visibleFrom + PUSH_WAITS_MS, item.expiresAt ?? Infinity);
  const pushAt = isPushed && rules !== null ? planPush(rules, recipient, { from: visibleFrom, until }) : null;
  const leavesNow = pushAt !== null && pushAt <= now && rules?.isPaused === false;
  return { outcome: 'row', id: newId('fee', now), item, externalId: recipient.externalId, visibleFrom, pushAt, pushedAt: leavesNow ? now : null };
}

async function insertItems(tx: Tx, tenantId: TenantId, rows: readonly Row[], now: number): Promise<Set<string>> {
  const items = rows.map(({ item }) => item);
  const inserted = await tx.sql<{ id: string }[]>`
    insert into feed_items (id, tenant_id, member_id, key, kind, topic, content, deep_link, created_at, visible_from, expires_at, push_at, pushed_at, moved_at)
    select n.id, ${tenantId}, n.member_id, n.key, n.kind, n.topic, n.content, n.deep_link, ${now}, n.visible_from, n.expires_at, n.push_at, n.pushed_at, ${now}
    from unnest(${rows.map(({ id }) => id)}::text[], ${items.map(({ memberId }) => memberId)}::text[], ${items.map(({ key }) => key)}::text[], ${items.map(({ kind }) => kind)}::text[],
                ${items.map(({ topic }) => topic)}::text[], ${items.map(({ content }) => JSON.stringify(content))}::jsonb[], ${items.map(({ deepLink }) => deepLink ?? null)}::text[],
                ${rows.map(({ visibleFrom }) => visibleFrom)}::timestamptz[], ${items.map(({ expiresAt }) => expiresAt ?? null)}::timestamptz[],
                ${rows.map(({ pushAt }) => pushAt)}::timestamptz[], ${rows.map(({ pushedAt }) => pushedAt)}::timestamptz[])
      with ordinality as n (id, member_id, key, kind, topic, content, deep_link, visible_from, expires_at, push_at, pushed_at, place)
    order by n.member_id, n.key, n.place -- two who queue the same never wait for each other in a ring
    on conflict (tenant_id, member_id, key) do nothing
    returning id`;
  return new Set(inserted.map(({ id }) => id));
}

function pushOf({ id, item: { memberId, kind, topic, content, deepLink, expiresAt }, externalId }: Row, now: number) {
  return content.kind === 'words' ? [pushNews({ id, memberId, externalId, kind, topic, content, deepLink: deepLink ?? null, expiresAt: expiresAt ?? null }, now)] : [];
}
