import { bigint, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { BatchId, Id, TenantId } from '../../src/domain/ids.ts';
import { instant } from './columns.ts';
import type { Channel } from '../../src/domain/message/channel.ts';

export const MESSAGE_STATES = ['handed_off', 'refused', 'unknown', 'unknown_expired'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const RECEIPT_KINDS = ['delivered', 'bounced', 'complained'] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

export const lanes = pgTable('lanes', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  lane: text().notNull(),
  epoch: bigint({ mode: 'number' }).notNull(),
  servedBy: text('served_by'),
  servedAt: instant('served_at'),
  clockSkewMs: bigint('clock_skew_ms', { mode: 'number' }),
  heldBy: text('held_by'),
  heldUntil: instant('held_until'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.lane] })]);

export const attempts = pgTable('attempts', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  lane: text().notNull(),
  epoch: bigint({ mode: 'number' }).notNull(),
  batchIds: text('batch_ids').array().notNull(),
  ns: smallint().array().notNull(),
  claimedAt: instant('claimed_at').notNull(),
  closedAt: instant('closed_at'),
  fencedAt: instant('fenced_at'),
});

export const messages = pgTable('messages', {
  batchId: text('batch_id').$type<BatchId>().notNull(),
  n: smallint().notNull(),
  step: smallint().notNull(),
  channel: text().$type<Channel>().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  attemptId: bigint('attempt_id', { mode: 'number' }).notNull(),
  state: text().$type<MessageState>().notNull(),
  reason: text(),
  providerMessageId: text('provider_message_id'),
  recordedAt: instant('recorded_at').notNull(),
  deliveredAt: instant('delivered_at'),
  bouncedAt: instant('bounced_at'),
  complainedAt: instant('complained_at'),
  /** The vendor's words at the hand-off. */
  receipt: text(),
}, (table) => [primaryKey({ columns: [table.batchId, table.n, table.step, table.channel] })]);

/** By the month of `recordedAt`; `at` is the vendor's time. */
export const receipts = pgTable('receipts', {
  id: text().$type<Id<'rcp'>>().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  batchId: text('batch_id').$type<BatchId>().notNull(),
  n: smallint().notNull(),
  step: smallint().notNull(),
  kind: text().$type<ReceiptKind>().notNull(),
  providerEventId: text('provider_event_id'),
  detail: text(),
  at: instant().notNull(),
  recordedAt: instant('recorded_at').notNull(),
  channel: text().$type<Channel>().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.recordedAt, table.id] })]);

/** Which of a vendor's events were heard of: each counts once. */
export const providerEvents = pgTable('provider_events', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  providerEventId: text('provider_event_id').notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.providerEventId] })]);

/** By the month of `at`. */
export const decisions = pgTable('decisions', {
  id: text().$type<Id<'dec'>>().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  subjectId: text('subject_id').notNull(),
  ns: smallint().array(),
  kind: text().notNull(),
  rule: text().notNull(),
  inputs: jsonb().$type<Record<string, unknown>>().notNull(),
  actor: text().notNull(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.at, table.id] })]);

export const outbox = pgTable('outbox', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text().$type<'nudge' | 'start_import'>().notNull(),
  lane: text().notNull(),
  createdAt: instant('created_at').notNull(),
  traceparent: text(),
  /** start_run, tell_run: ids, figures and instants. */
  payload: jsonb().$type<Record<string, unknown>>(),
});
