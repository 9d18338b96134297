import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { UNANSWERED_FOR_DAYS } from '../../src/domain/program/tenant-limits.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { messagesSince } from './messages-since.ts';

/** Of a member: pushes that left today, messages on other channels today, and pushes left unanswered since one of their items was last read or dismissed. What was not asked for is 0. */
export type PushCount = { readonly pushes: number; readonly messages: number; readonly unread: number };

type Asked = {
  tenantId: TenantId;
  members: readonly { memberId: MemberId; recipientHash: Buffer | null; /** Of the member's own day (epoch ms). */ dayStartAt: number }[];
  withMessages: boolean;
  withUnread: boolean;
  now: number;
};

const DAY_MS = 86_400_000;

/** One statement, whatever the count. */
export async function pushesToday(tx: Tx, { tenantId, members, withMessages, withUnread, now }: Asked): Promise<ReadonlyMap<MemberId, PushCount>> {
  const none = tx.sql`0`;
  const rows = await tx.sql<(PushCount & { memberId: MemberId })[]>`
    select a.id as "memberId",
           (select count(*) from feed_items f where f.tenant_id = ${tenantId} and f.member_id = a.id and f.pushed_at >= a.day_start_at)::int as pushes,
           (${withMessages ? messagesSince(tx, { tenantId, hash: tx.sql`a.hash`, since: tx.sql`a.day_start_at` }) : none})::int as messages,
           (${withUnread ? unreadPushes(tx, tenantId, now) : none})::int as unread
    from unnest(${members.map(({ memberId }) => memberId)}::text[], ${bytesArray(members.map(({ recipientHash }) => recipientHash))}::bytea[], ${members.map(({ dayStartAt }) => dayStartAt)}::timestamptz[]) as a (id, hash, day_start_at)`;
  return new Map(rows.map(({ memberId, ...count }) => [memberId, count]));
}

/** Of a member `a.id`. Whatever is read, or dismissed unread, in the feed is an answer; what was taken back before asks for none. */
function unreadPushes({ sql }: Tx, tenantId: TenantId, now: number) {
  return sql`
    select count(*) from feed_items f
    where f.tenant_id = ${tenantId} and f.member_id = a.id and f.read_at is null and f.dismissed_at is null and f.withdrawn_at is null
      and f.pushed_at > greatest(${now - UNANSWERED_FOR_DAYS * DAY_MS}::timestamptz, (select max(greatest(r.read_at, r.dismissed_at)) from feed_items r where r.tenant_id = ${tenantId} and r.member_id = a.id))`;
}
