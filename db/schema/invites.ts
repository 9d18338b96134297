import { bigint, boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { BatchId, ContactId, MemberId, ProgramId, RunId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { NoticeKind, RUN_MESSAGE } from '../../src/domain/notice/notice-kinds.ts';

/** An invite's life. `waiting` covers a claimed one too: see attemptId. */
export const INVITE_STATES = ['waiting', 'handed_off', 'unknown', 'unknown_expired', 'joined', 'expired', 'refused', 'canceled'] as const;
export type InviteState = (typeof INVITE_STATES)[number];

export const inviteBatches = pgTable('invite_batches', {
  id: text().$type<BatchId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  programVersion: integer('program_version').notNull(),
  memberId: text('member_id').$type<MemberId>(),
  inviteCount: smallint('invite_count').notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
  traceparent: text(),
  /** Set: it invites nobody, but tells a member of something. */
  notice: text().$type<NoticeKind | typeof RUN_MESSAGE>(),
  noticeValues: jsonb('notice_values').$type<Record<string, unknown>>(),
  noticeKey: text('notice_key'),
  noticeFold: text('notice_fold'),
  /** Of which run's step its messages are. */
  runId: text('run_id').$type<RunId>(),
  runStep: text('run_step'),
});

/** Where a batch waits, by channel. */
export const batchLanes = pgTable('batch_lanes', {
  batchId: text('batch_id').$type<BatchId>().notNull(),
  channel: text().$type<Channel>().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  lane: text().notNull(),
  nextDueAt: instant('next_due_at'),
}, (table) => [primaryKey({ columns: [table.batchId, table.channel] })]);

export const invites = pgTable('invites', {
  batchId: text('batch_id').$type<BatchId>().notNull(),
  n: smallint().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientHash: bytes('recipient_hash'),
  contactId: text('contact_id').$type<ContactId>(),
  state: text().$type<InviteState>().notNull(),
  reason: text(),
  duplicateOf: text('duplicate_of'),
  relationship: text(),
  consentBasis: text('consent_basis'),
  step: smallint(),
  dueAt: instant('due_at'),
  permittedUntil: instant('permitted_until'),
  planVersion: integer('plan_version').notNull(),
  stale: boolean().notNull(),
  attemptId: bigint('attempt_id', { mode: 'number' }),
  stopReason: text('stop_reason').$type<'canceled' | 'suppressed' | 'joined'>(),
  tries: smallint().notNull(),
  capBucket: text('cap_bucket'),
  channel: text().$type<Channel>().notNull(),
  phoneHash: bytes('phone_hash'),
}, (table) => [primaryKey({ columns: [table.batchId, table.n] })]);

export const cooling = pgTable('cooling', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientHash: bytes('recipient_hash').notNull(),
  batchId: text('batch_id').$type<BatchId>().notNull(),
  n: smallint().notNull(),
  until: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.recipientHash] })]);

export const memberCaps = pgTable('member_caps', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  bucket: text().notNull(),
  used: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.memberId, table.bucket] })]);
