import { boolean, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import type { BatchId, MemberId, ProgramId, ReferralId, RunId, TenantId, TouchId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

export const WHY_NOT_COUNTED = ['head', 'prefetch', 'preview', 'bot', 'repeat'] as const;
export type WhyNotCounted = (typeof WHY_NOT_COUNTED)[number];

/** What an invite carries; what an app makes for any of its resources; the one that each member has. */
export const LINK_KINDS = ['invite', 'share', 'personal'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export const links = pgTable('links', {
  code: text().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text().$type<LinkKind>().notNull(),
  batchId: text('batch_id').$type<BatchId>(),
  n: smallint(),
  memberId: text('member_id').$type<MemberId>(),
  resource: text(),
  destination: text().notNull(),
  utm: jsonb().$type<Record<string, string>>().notNull(),
  createdAt: instant('created_at').notNull(),
  revokedAt: instant('revoked_at'),
  programId: text('program_id').$type<ProgramId>(),
  runId: text('run_id').$type<RunId>(),
});

/** By the month of `recordedAt`, our own clock's, which is the instant in the id too. */
export const touches = pgTable('touches', {
  id: text().$type<TouchId>().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  code: text().notNull(),
  kind: text().$type<'click' | 'view'>().notNull(),
  counted: boolean().notNull(),
  whyNot: text('why_not').$type<WhyNotCounted>(),
  visitorId: text('visitor_id'),
  ipHash: bytes('ip_hash'),
  agentClass: text('agent_class').notNull(),
  at: instant().notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.id, table.recordedAt] })]);

export const events = pgTable('events', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  eventId: text('event_id').notNull(),
  type: text().notNull(),
  memberId: text('member_id').$type<MemberId>(),
  touchId: text('touch_id').$type<TouchId>(),
  code: text(),
  properties: jsonb().$type<Record<string, unknown>>().notNull(),
  occurredAt: instant('occurred_at').notNull(),
  receivedAt: instant('received_at').notNull(),
  detail: jsonb().$type<EventDetail>(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.eventId] })]);

export const explainLinks = pgTable('explain_links', {
  tokenHash: bytes('token_hash').primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  batchId: text('batch_id').$type<BatchId>(),
  n: smallint(),
  expiresAt: instant('expires_at').notNull(),
  openedAt: instant('opened_at'),
  madeBy: text('made_by'),
  referralId: text('referral_id').$type<ReferralId>(),
});
