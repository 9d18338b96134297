import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { MemberId, PaymentId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

/** One row a payment; who paid what, and when, is known once a conversion said so. */
export const payments = pgTable('payments', {
  id: text().$type<PaymentId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>(),
  amountMinor: bigint('amount_minor', { mode: 'number' }),
  currency: text(),
  product: text(),
  country: text(),
  fingerprintHash: bytes('fingerprint_hash'),
  eventId: text('event_id'),
  paidAt: instant('paid_at'),
  mergedInto: text('merged_into').$type<PaymentId>(),
  createdAt: instant('created_at').notNull(),
});

export const paymentNames = pgTable('payment_names', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  name: text().notNull(),
  paymentId: text('payment_id').$type<PaymentId>().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.name] })]);

export const PAYMENT_CHANGES = ['refunded', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost'] as const;
export type PaymentChangeKind = (typeof PAYMENT_CHANGES)[number];

export const paymentChanges = pgTable('payment_changes', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  eventId: text('event_id').notNull(),
  paymentId: text('payment_id').$type<PaymentId>().notNull(),
  kind: text().$type<PaymentChangeKind>().notNull(),
  amountMinor: bigint('amount_minor', { mode: 'number' }),
  currency: text(),
  disputeId: text('dispute_id'),
  refundId: text('refund_id'),
  beforeMinor: bigint('before_minor', { mode: 'number' }),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.eventId] })]);
