import { integer, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import type { MemberId, ProgramId, PromptId, TenantId } from '../../src/domain/ids.ts';
import type { PromptWords } from '../../src/domain/prompt/loop-prompt.ts';
import { instant } from './columns.ts';

export const prompts = pgTable('prompts', {
  id: text().$type<PromptId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  programVersion: integer('program_version').notNull(),
  moment: text().notNull(),
  momentId: text('moment_id').notNull(),
  variant: text().notNull(),
  words: jsonb().$type<PromptWords>().notNull(),
  decidedAt: instant('decided_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  shownAt: instant('shown_at'),
  acceptedAt: instant('accepted_at'),
  dismissedAt: instant('dismissed_at'),
  rating: smallint(),
  ratedAt: instant('rated_at'),
});

export const promptSettings = pgTable('prompt_settings', {
  tenantId: text('tenant_id').$type<TenantId>().primaryKey(),
  perHour: smallint('per_hour').notNull(),
  perDay: smallint('per_day').notNull(),
  stopAfterIgnored: smallint('stop_after_ignored').notNull(),
  restDays: smallint('rest_days').notNull(),
  coolingHours: smallint('cooling_hours').notNull(),
  changedAt: instant('changed_at').notNull(),
});
