import { pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

/** To whom a tenant wrote by SMS; `batchId` and `n`: the invite that wrote last. */
export const smsRecipients = pgTable('sms_recipients', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  phoneKey: bytes('phone_key').notNull(),
  batchId: text('batch_id').$type<BatchId>().notNull(),
  n: smallint().notNull(),
  sentAt: instant('sent_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.phoneKey] })]);
