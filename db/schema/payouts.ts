import { bigint, boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { MemberId, PayoutBatchId, PayoutId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { BatchState, PayoutState } from '../../src/domain/payout/payout-state.ts';
import type { RailKind } from '../../src/domain/payout/rails.ts';
import type { PayoutReason } from '../../src/domain/payout/reasons.ts';
import { bytes, instant } from './columns.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });

export const payoutRails = pgTable('payout_rails', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text().$type<RailKind>().notNull(),
  url: text(),
  secretSealed: bytes('secret_sealed'),
  chosen: boolean().notNull(),
  changedAt: instant('changed_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.kind] })]);

export const payees = pgTable('payees', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  detailsSealed: bytes('details_sealed').notNull(),
  changedAt: instant('changed_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.memberId] })]);

export const payoutBatches = pgTable('payout_batches', {
  id: text().$type<PayoutBatchId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  unit: text().notNull(),
  cutOff: instant('cut_off').notNull(),
  minimumMinor: minor('minimum_minor').notNull(),
  state: text().$type<BatchState>().notNull(),
  createdAt: instant('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  decidedAt: instant('decided_at'),
  decidedBy: text('decided_by'),
});

export const payoutExclusions = pgTable('payout_exclusions', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  batchId: text('batch_id').$type<PayoutBatchId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  reason: text(),
  actor: text().notNull(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.batchId, table.memberId] })]);

export const payouts = pgTable('payouts', {
  id: text().$type<PayoutId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  batchId: text('batch_id').$type<PayoutBatchId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  unit: text().notNull(),
  state: text().$type<PayoutState>().notNull(),
  rewardsMinor: minor('rewards_minor').notNull(),
  nettedMinor: minor('netted_minor').notNull(),
  takenBackMinor: minor('taken_back_minor').notNull(),
  rail: text().$type<RailKind>(),
  payeeSealed: bytes('payee_sealed'),
  idempotencyKey: text('idempotency_key'),
  keyAt: instant('key_at'),
  claimedAt: instant('claimed_at'),
  handOvers: integer('hand_overs').notNull(),
  unsureAt: instant('unsure_at'),
  providerRef: text('provider_ref'),
  reason: text().$type<PayoutReason>(),
  detail: text(),
  createdAt: instant('created_at').notNull(),
  approvedAt: instant('approved_at'),
  sentAt: instant('sent_at'),
  endedAt: instant('ended_at'),
  movedAt: instant('moved_at').notNull(),
});

export const payoutRewards = pgTable('payout_rewards', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  payoutId: text('payout_id').$type<PayoutId>().notNull(),
  rewardId: text('reward_id').$type<RewardId>().notNull(),
  amountMinor: minor('amount_minor').notNull(),
}, (table) => [primaryKey({ columns: [table.payoutId, table.rewardId] })]);
