import { jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

export const BILLING_PROVIDERS = ['stripe'] as const;
export type BillingProvider = (typeof BILLING_PROVIDERS)[number];

export const BILLING_OUTCOMES = ['stored', 'waiting', 'passed_over'] as const;
export type BillingOutcome = (typeof BILLING_OUTCOMES)[number];

export const billingAccounts = pgTable('billing_accounts', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  provider: text().$type<BillingProvider>().notNull(),
  secretsSealed: bytes('secrets_sealed').notNull(),
  changedAt: instant('changed_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.provider] })]);

export const billingCustomers = pgTable('billing_customers', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  provider: text().$type<BillingProvider>().notNull(),
  customer: text().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  toldAt: instant('told_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.provider, table.customer] })]);

export const billingEvents = pgTable('billing_events', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  provider: text().$type<BillingProvider>().notNull(),
  eventId: text('event_id').notNull(),
  type: text().notNull(),
  outcome: text().$type<BillingOutcome>().notNull(),
  reason: text(),
  customer: text(),
  fact: jsonb(),
  receivedAt: instant('received_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.provider, table.eventId] })]);
