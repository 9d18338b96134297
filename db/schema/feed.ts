import { jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { FeedChannel, FeedChoiceState } from '../../src/domain/feed/choices.ts';
import type { FeedContent, FeedKind } from '../../src/domain/feed/feed-item.ts';
import type { PushReason } from '../../src/domain/feed/judge-push.ts';
import type { FeedItemId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { instant } from './columns.ts';

export const feedItems = pgTable('feed_items', {
  id: text().$type<FeedItemId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  key: text().notNull(),
  kind: text().$type<FeedKind>().notNull(),
  topic: text().notNull(),
  content: jsonb().$type<FeedContent>().notNull(),
  deepLink: text('deep_link'),
  createdAt: instant('created_at').notNull(),
  visibleFrom: instant('visible_from').notNull(),
  expiresAt: instant('expires_at'),
  pushAt: instant('push_at'),
  pushedAt: instant('pushed_at'),
  readAt: instant('read_at'),
  clickedAt: instant('clicked_at'),
  dismissedAt: instant('dismissed_at'),
  withdrawnAt: instant('withdrawn_at'),
  movedAt: instant('moved_at').notNull(),
  programId: text('program_id').$type<ProgramId>(),
  pushReason: text('push_reason').$type<PushReason>(),
});

export const feedChoices = pgTable('feed_choices', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  topic: text().notNull(),
  channel: text().$type<FeedChannel>().notNull(),
  state: text().$type<FeedChoiceState>().notNull(),
  decidedAt: instant('decided_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.memberId, table.topic, table.channel] })]);
