import type { FeedKind, FeedContent } from '../../../src/domain/feed/feed-item.ts';
import { pushNews } from '../../../src/domain/feed/push-news.ts';
import type { FeedItemId, MemberId, ProgramId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { feedRecipients } from '../../read/feed-recipients.ts';
import { pushRules } from '../../read/feed-push-rules.ts';
import { announce } from '../webhooks/announce.ts';
import { openPushJudge } from './push-judge.ts';

type Due = { id: FeedItemId; memberId: MemberId; kind: FeedKind; topic: string; content: FeedContent; deepLink: string | null; visibleFrom: number; expiresAt: number | null; programId: ProgramId | null };

/** `looked`: how many were due; call again until it is 0. `pushed` left, `later` wait for another hour or day, the others are let go. */
export type PushedDue = { looked: number; pushed: number; later: number };

const NONE: PushedDue = { looked: 0, pushed: 0, later: 0 };

/**
 * Lets the pushes of a tenant leave that are due, each judged afresh: what was read, put away or withdrawn meanwhile is not due any more, an
 * opt-out of meanwhile counts, and so do the hours and the places of today. A paused tenant's or program's wait, and so do those of who stopped pushes. Any number may run at once.
 */
export async function pushDue(tx: Tx, { tenantId, now, most }: { tenantId: TenantId; now: number; most: number }): Promise<PushedDue> {
  const due = await tx.sql<Due[]>`
    select f.id, f.member_id as "memberId", f.kind, f.topic, f.content, f.deep_link as "deepLink", f.visible_from as "visibleFrom", f.expires_at as "expiresAt", f.program_id as "programId" from feed_items f
    where f.tenant_id = ${tenantId} and f.push_at <= ${now} and f.pushed_at is null and f.read_at is null and f.dismissed_at is null and f.withdrawn_at is null
      and not exists (select 1 from programs p where p.tenant_id = f.tenant_id and p.id = f.program_id and p.paused_at is not null)
    order by f.push_at, f.id limit ${most} for no key update of f skip locked`;
  if (due.length === 0) return NONE;
  const rules = await pushRules(tx, tenantId);
  if (rules.isPaused || rules.isStopped) return NONE;
  const recipients = await feedRecipients(tx, { tenantId, asked: due });
  const judge = await openPushJudge(tx, { tenantId, rules, now, recipients: [...recipients.values()], programIds: due.flatMap(({ programId }) => programId ?? []) });
  const judged = due.map((item, place) => {
    const recipient = recipients.get(place);
    const { content } = item;
    if (recipient === undefined || content.kind !== 'words') return { id: item.id, pushAt: null, reason: null, pushedAt: null, news: [] };
    const { at, reason, isHeld } = judge({ ...item, from: now }, recipient);
    // Its program may have been paused while others had the member's turn.
    const leaves = at !== null && at <= now && !isHeld;
    return { id: item.id, pushAt: at, reason: leaves ? null : reason, pushedAt: leaves ? now : null, news: leaves ? [pushNews({ ...item, content, externalId: recipient.externalId }, now)] : [] };
  });
  await tx.sql`
    update feed_items f set push_at = n.push_at, pushed_at = n.pushed_at, push_reason = n.reason
    from unnest(${judged.map(({ id }) => id)}::text[], ${judged.map(({ pushAt }) => pushAt)}::timestamptz[], ${judged.map(({ pushedAt }) => pushedAt)}::timestamptz[], ${judged.map(({ reason }) => reason)}::text[]) as n (id, push_at, pushed_at, reason)
    where f.tenant_id = ${tenantId} and f.id = n.id`;
  await announce(tx, { tenantId, now, news: judged.flatMap(({ news }) => news) });
  const pushed = judged.filter(({ pushedAt }) => pushedAt !== null).length;
  return { looked: due.length, pushed, later: judged.filter(({ pushAt, pushedAt }) => pushAt !== null && pushedAt === null).length };
}
