import type { FeedKind, FeedContent } from '../../../src/domain/feed/feed-item.ts';
import { pushNews } from '../../../src/domain/feed/push-news.ts';
import type { FeedItemId, MemberId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { feedRecipients } from '../../read/feed-recipients.ts';
import { pushRules } from '../../read/feed-push-rules.ts';
import { announce } from '../webhooks/announce.ts';
import { planPush, PUSH_WAITS_MS } from './plan-push.ts';

type Due = { id: FeedItemId; memberId: MemberId; kind: FeedKind; topic: string; content: FeedContent; deepLink: string | null; visibleFrom: number; expiresAt: number | null };

/** `looked`: how many were due; call again until it is 0. `pushed` left, `later` wait for another hour, the others are let go. */
export type PushedDue = { looked: number; pushed: number; later: number };

/**
 * Lets the pushes of a tenant leave that are due, each judged afresh: what was read, put away or withdrawn meanwhile is not due any more, an
 * opt-out of meanwhile counts, and so do the hours of today. A paused tenant's wait. Any number may run at once.
 */
export async function pushDue(tx: Tx, { tenantId, now, most }: { tenantId: TenantId; now: number; most: number }): Promise<PushedDue> {
  const due = await tx.sql<Due[]>`
    select id, member_id as "memberId", kind, topic, content, deep_link as "deepLink", visible_from as "visibleFrom", expires_at as "expiresAt" from feed_items
    where tenant_id = ${tenantId} and push_at <= ${now} and pushed_at is null and read_at is null and dismissed_at is null and withdrawn_at is null
    order by push_at, id limit ${most} for no key update skip locked`;
  if (due.length === 0) return { looked: 0, pushed: 0, later: 0 };
  const rules = await pushRules(tx, tenantId);
  if (rules.isPaused) return { looked: 0, pushed: 0, later: 0 };
  const recipients = await feedRecipients(tx, { tenantId, asked: due });
  const judged = due.map((item, place) => {
    const recipient = recipients.get(place);
    const until = Math.min(item.visibleFrom + PUSH_WAITS_MS, item.expiresAt ?? Infinity);
    const { content } = item;
    const pushAt = recipient === undefined || recipient.inAppOff || recipient.pushOff || content.kind !== 'words' || until <= now ? null : planPush(rules, recipient, { from: now, until });
    const leaves = pushAt !== null && pushAt <= now && recipient !== undefined && content.kind === 'words';
    return { id: item.id, pushAt, pushedAt: leaves ? now : null, news: leaves ? [pushNews({ ...item, content, externalId: recipient.externalId }, now)] : [] };
  });
  await tx.sql`
    update feed_items f set push_at = n.push_at, pushed_at = n.pushed_at
    from unnest(${judged.map(({ id }) => id)}::text[], ${judged.map(({ pushAt }) => pushAt)}::timestamptz[], ${judged.map(({ pushedAt }) => pushedAt)}::timestamptz[]) as n (id, push_at, pushed_at)
    where f.tenant_id = ${tenantId} and f.id = n.id`;
  await announce(tx, { tenantId, now, news: judged.flatMap(({ news }) => news) });
  const pushed = judged.filter(({ pushedAt }) => pushedAt !== null).length;
  return { looked: due.length, pushed, later: judged.filter(({ pushAt, pushedAt }) => pushAt !== null && pushedAt === null).length };
}
