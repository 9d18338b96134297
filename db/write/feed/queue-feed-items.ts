import { newId } from '../../../src/config/new-id.ts';
import type { PushReason } from '../../../src/domain/feed/judge-push.ts';
import { feedTopic } from '../../../src/domain/feed/feed-topic.ts';
import type { NewFeedItem } from '../../../src/domain/feed/new-feed-item.ts';
import { pushNews } from '../../../src/domain/feed/push-news.ts';
import type { FeedItemId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { feedRecipients } from '../../read/feed-recipients.ts';
import type { FeedRecipient } from '../../read/feed-recipients.ts';
import { pushRules } from '../../read/feed-push-rules.ts';
import { tellStreams } from '../tell-streams.ts';
import { announce } from '../webhooks/announce.ts';
import { openPushJudge, type JudgedPush } from './push-judge.ts';

/** `already`: the member has an item of this key, as it was queued first. `opted_out`: the member wants nothing of the topic in the app. */
export type QueuedFeedItem = { readonly outcome: 'queued'; readonly id: FeedItemId; readonly pushAt: number | null; readonly pushReason: PushReason | null } | { readonly outcome: 'already' | 'opted_out' | 'unknown_member' | 'over' };

/**
 * Puts items into members' feeds in the transaction of what they tell of: each key once a member. What is only shown waits for nobody's
 * hours, for it wakes nobody; a push beside it leaves by the rules of any message, at once where it may. Outcomes are in the order given. Two statements
 * whatever the count, a few more where something is pushed. Waits only for who queues the same, and where something is pushed for who judges pushes to the same
 * members; locks nothing after that.
 */
export async function queueFeedItems(tx: Tx, { tenantId, items, now }: { tenantId: TenantId; items: readonly NewFeedItem[]; now: number }): Promise<QueuedFeedItem[]> {
  if (items.length === 0) return [];
  const recipients = await feedRecipients(tx, { tenantId, asked: items });
  const judgePush = await judgeFor(tx, { tenantId, items, recipients, now });
  const judged = items.map((item, place) => judge(item, recipients.get(place), judgePush, now));
  const rows = judged.flatMap((one) => (one.outcome === 'row' ? [one] : []));
  const inserted = rows.length === 0 ? new Set<string>() : await insertItems(tx, tenantId, rows, now);
  const fresh = rows.filter(({ id }) => inserted.has(id));
  await announce(tx, { tenantId, now, news: fresh.flatMap((row) => (row.pushedAt === null ? [] : pushOf(row, now))) });
  tellStreams(tx, { tenantId, topics: fresh.map(({ item }) => feedTopic(item.memberId)) });
  return judged.map((one): QueuedFeedItem => {
    if (one.outcome !== 'row') return one;
    return inserted.has(one.id) ? { outcome: 'queued', id: one.id, pushAt: one.pushAt, pushReason: one.pushReason } : { outcome: 'already' };
  });
}

type Row = { outcome: 'row'; id: FeedItemId; item: NewFeedItem; externalId: string; visibleFrom: number; pushAt: number | null; pushedAt: number | null; pushReason: PushReason | null };

type JudgePush = (item: NewFeedItem, visibleFrom: number, recipient: FeedRecipient) => JudgedPush | null;

function judge(item: NewFeedItem, recipient: FeedRecipient | undefined, judgePush: JudgePush, now: number): Row | { outcome: 'opted_out' | 'unknown_member' | 'over' } {
  if (recipient === undefined) return { outcome: 'unknown_member' };
  if (recipient.inAppOff) return { outcome: 'opted_out' };
  const visibleFrom = Math.max(now, item.visibleFrom ?? now);
  if (item.expiresAt !== undefined && item.expiresAt <= visibleFrom) return { outcome: 'over' };
  const push = judgePush(item, visibleFrom, recipient);
  const leavesNow = push !== null && push.at !== null && push.at <= now && !push.isHeld;
  return { outcome: 'row', id: newId('fee', now), item, externalId: recipient.externalId, visibleFrom, pushAt: push?.at ?? null, pushedAt: leavesNow ? now : null, pushReason: push?.reason ?? null };
}

/** Only finished words can be. */
function isPushed({ push, content }: NewFeedItem): boolean {
  return push === true && content.kind === 'words';
}

/** Answers null for what is not pushed, and for what is there already: it takes no place of a day. */
async function judgeFor(tx: Tx, { tenantId, items, recipients, now }: { tenantId: TenantId; items: readonly NewFeedItem[]; recipients: ReadonlyMap<number, FeedRecipient>; now: number }): Promise<JudgePush> {
  const pushed = items.flatMap((item, place) => (isPushed(item) ? [{ item, recipient: recipients.get(place) }] : []));
  if (pushed.length === 0) return () => null;
  const rules = await pushRules(tx, tenantId);
  const judgePush = await openPushJudge(tx, { tenantId, rules, now, recipients: pushed.flatMap(({ recipient }) => recipient ?? []), programIds: pushed.flatMap(({ item: { programId } }) => programId ?? []) });
  const there = await itemsThere(tx, tenantId, pushed.map(({ item }) => item));
  return (item, visibleFrom, recipient) => {
    if (!isPushed(item) || there.has(nameOf(item))) return null;
    there.add(nameOf(item));
    return judgePush({ visibleFrom, from: visibleFrom, expiresAt: item.expiresAt ?? null, programId: item.programId ?? null }, recipient);
  };
}

/** Looked at in the members' turn. */
async function itemsThere({ sql }: Tx, tenantId: TenantId, items: readonly NewFeedItem[]): Promise<Set<string>> {
  const rows = await sql<Pick<NewFeedItem, 'memberId' | 'key'>[]>`
    select f.member_id as "memberId", f.key from unnest(${items.map(({ memberId }) => memberId)}::text[], ${items.map(({ key }) => key)}::text[]) as n (member_id, key)
    join feed_items f on f.tenant_id = ${tenantId} and f.member_id = n.member_id and f.key = n.key`;
  return new Set(rows.map(nameOf));
}

function nameOf({ memberId, key }: Pick<NewFeedItem, 'memberId' | 'key'>): string {
  return `${memberId} ${key}`;
}

async function insertItems(tx: Tx, tenantId: TenantId, rows: readonly Row[], now: number): Promise<Set<string>> {
  const items = rows.map(({ item }) => item);
  const inserted = await tx.sql<{ id: string }[]>`
    insert into feed_items (id, tenant_id, member_id, key, kind, topic, content, deep_link, created_at, visible_from, expires_at, push_at, pushed_at, moved_at, program_id, push_reason)
    select n.id, ${tenantId}, n.member_id, n.key, n.kind, n.topic, n.content, n.deep_link, ${now}, n.visible_from, n.expires_at, n.push_at, n.pushed_at, ${now}, n.program_id, n.push_reason
    from unnest(${rows.map(({ id }) => id)}::text[], ${items.map(({ memberId }) => memberId)}::text[], ${items.map(({ key }) => key)}::text[], ${items.map(({ kind }) => kind)}::text[],
                ${items.map(({ topic }) => topic)}::text[], ${items.map(({ content }) => JSON.stringify(content))}::jsonb[], ${items.map(({ deepLink }) => deepLink ?? null)}::text[],
                ${rows.map(({ visibleFrom }) => visibleFrom)}::timestamptz[], ${items.map(({ expiresAt }) => expiresAt ?? null)}::timestamptz[],
                ${rows.map(({ pushAt }) => pushAt)}::timestamptz[], ${rows.map(({ pushedAt }) => pushedAt)}::timestamptz[],
                ${items.map(({ programId }) => programId ?? null)}::text[], ${rows.map(({ pushReason }) => pushReason)}::text[])
      with ordinality as n (id, member_id, key, kind, topic, content, deep_link, visible_from, expires_at, push_at, pushed_at, program_id, push_reason, place)
    order by n.member_id, n.key, n.place -- two who queue the same never wait for each other in a ring
    on conflict (tenant_id, member_id, key) do nothing
    returning id`;
  return new Set(inserted.map(({ id }) => id));
}

function pushOf({ id, item: { memberId, kind, topic, content, deepLink, expiresAt }, externalId }: Row, now: number) {
  return content.kind === 'words' ? [pushNews({ id, memberId, externalId, kind, topic, content, deepLink: deepLink ?? null, expiresAt: expiresAt ?? null }, now)] : [];
}
