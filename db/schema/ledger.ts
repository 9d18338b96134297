import { bigint, boolean, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { PayoutId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { AccountKind } from '../../src/domain/ledger/accounts.ts';
import { bytes, instant } from './columns.ts';

export const accounts = pgTable('accounts', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text().$type<AccountKind>().notNull(),
  ownerId: text('owner_id').notNull(),
  unit: text().notNull(),
  mayBeNegative: boolean('may_be_negative').notNull(),
  balanceMinor: bigint('balance_minor', { mode: 'number' }).notNull(),
});

export const ledgers = pgTable('ledgers', {
  tenantId: text('tenant_id').$type<TenantId>().primaryKey(),
  lastSequence: bigint('last_sequence', { mode: 'number' }).notNull(),
  sealedThrough: bigint('sealed_through', { mode: 'number' }).notNull(),
});

export const transfers = pgTable('transfers', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  sequence: bigint({ mode: 'number' }).notNull(),
  id: text().notNull(),
  debitAccountId: bigint('debit_account_id', { mode: 'number' }).notNull(),
  creditAccountId: bigint('credit_account_id', { mode: 'number' }).notNull(),
  unit: text().notNull(),
  amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
  rewardId: text('reward_id').$type<RewardId>(),
  payoutId: text('payout_id').$type<PayoutId>(),
  move: text().notNull(),
  bookedAt: instant('booked_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.sequence] })]);

export const ledgerBlocks = pgTable('ledger_blocks', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  number: bigint({ mode: 'number' }).notNull(),
  firstSequence: bigint('first_sequence', { mode: 'number' }).notNull(),
  lastSequence: bigint('last_sequence', { mode: 'number' }).notNull(),
  previousHash: bytes('previous_hash').notNull(),
  hash: bytes().notNull(),
  sealedAt: instant('sealed_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.number] })]);
