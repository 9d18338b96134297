import { bigint, integer, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { MemberId, PayoutId, ProgramId, ReferralId, RewardId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { PausedBy } from '../../src/domain/reward/evaluated-reward.ts';
import type { RewardReason } from '../../src/domain/reward/reward-reasons.ts';
import type { RewardState } from '../../src/domain/reward/reward-state.ts';
import type { Side } from '../../src/domain/reward/reward-terms.ts';
import { instant } from './columns.ts';

export const tenantUnits = pgTable('tenant_units', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  unit: text().notNull(),
  title: text().notNull(),
  createdAt: instant('created_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.unit] })]);

export const rewards = pgTable('rewards', {
  id: text().$type<RewardId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  programVersion: integer('program_version').notNull(),
  referralId: text('referral_id').$type<ReferralId>(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  key: text().notNull(),
  generation: smallint().notNull(),
  ruleKey: text('rule_key').notNull(),
  side: text().$type<Side>().notNull(),
  unit: text().notNull(),
  grantedMinor: bigint('granted_minor', { mode: 'number' }).notNull(),
  takenBackMinor: bigint('taken_back_minor', { mode: 'number' }).notNull(),
  state: text().$type<RewardState>().notNull(),
  pausedBy: text('paused_by').$type<PausedBy>(),
  reason: text().$type<RewardReason>(),
  earnedAt: instant('earned_at').notNull(),
  holdUntil: instant('hold_until').notNull(),
  expiresAt: instant('expires_at'),
  payoutId: text('payout_id').$type<PayoutId>(),
  createdAt: instant('created_at').notNull(),
  movedAt: instant('moved_at').notNull(),
  runId: text('run_id').$type<RunId>(),
  capZone: text('cap_zone'),
});

export const rewardRefusals = pgTable('reward_refusals', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  key: text().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  referralId: text('referral_id').$type<ReferralId>(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  ruleKey: text('rule_key').notNull(),
  side: text().$type<Side>().notNull(),
  reason: text().$type<RewardReason>().notNull(),
  detail: text().notNull(),
  earnedAt: instant('earned_at').notNull(),
  at: instant().notNull(),
  runId: text('run_id').$type<RunId>(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.key] })]);

export const rewardCaps = pgTable('reward_caps', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  key: text().notNull(),
  used: bigint({ mode: 'number' }).notNull(),
}, (table) => [primaryKey({ columns: [table.programId, table.key] })]);

export const rewardBudgets = pgTable('reward_budgets', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  unit: text().notNull(),
  totalMinor: bigint('total_minor', { mode: 'number' }),
  reservedMinor: bigint('reserved_minor', { mode: 'number' }).notNull(),
  confirmedMinor: bigint('confirmed_minor', { mode: 'number' }).notNull(),
}, (table) => [primaryKey({ columns: [table.programId, table.unit] })]);
