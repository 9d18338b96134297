import { bigint, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../src/domain/ids.ts';
import type { AttemptOutcome, DeliveryState, DisabledReason } from '../../src/domain/webhook/delivery-states.ts';
import type { WebhookMessageId } from '../../src/domain/webhook/message-id.ts';
import { bytes, instant } from './columns.ts';

export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: text().$type<WebhookEndpointId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  url: text().notNull(),
  description: text().notNull(),
  eventTypes: text('event_types').array().notNull(),
  secretSealed: bytes('secret_sealed').notNull(),
  oldSecretSealed: bytes('old_secret_sealed'),
  oldSecretUntil: instant('old_secret_until'),
  failingSince: instant('failing_since'),
  disabledAt: instant('disabled_at'),
  disabledReason: text('disabled_reason').$type<DisabledReason>(),
  deletedAt: instant('deleted_at'),
  createdAt: instant('created_at').notNull(),
});

export const webhookSequences = pgTable('webhook_sequences', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  subjectId: text('subject_id').notNull(),
  last: bigint({ mode: 'number' }).notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.subjectId] })]);

export const webhookEvents = pgTable('webhook_events', {
  id: text().$type<WebhookMessageId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  type: text().notNull(),
  subjectId: text('subject_id').notNull(),
  sequenceOf: text('sequence_of'),
  sequence: bigint({ mode: 'number' }),
  data: jsonb().$type<Record<string, unknown>>().notNull(),
  at: instant().notNull(),
  recordedAt: instant('recorded_at').notNull(),
});

export const webhookDeliveries = pgTable('webhook_deliveries', {
  id: text().$type<WebhookDeliveryId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  endpointId: text('endpoint_id').$type<WebhookEndpointId>().notNull(),
  eventId: text('event_id').$type<WebhookMessageId>().notNull(),
  state: text().$type<DeliveryState>().notNull(),
  reason: text(),
  attempts: integer().notNull(),
  attemptsBefore: integer('attempts_before').notNull(),
  lastStatus: smallint('last_status'),
  dueAt: instant('due_at'),
  createdAt: instant('created_at').notNull(),
  endedAt: instant('ended_at'),
});

export const webhookAttempts = pgTable('webhook_attempts', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  deliveryId: text('delivery_id').$type<WebhookDeliveryId>().notNull(),
  n: integer().notNull(),
  outcome: text().$type<AttemptOutcome>().notNull(),
  reason: text(),
  status: smallint(),
  tookMs: integer('took_ms').notNull(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.deliveryId, table.n] })]);
