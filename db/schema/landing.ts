import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { TenantId, TouchId } from '../../src/domain/ids.ts';
import type { LandingAnswer, ReportReason } from '../../src/domain/landing/answers.ts';
import { instant } from './columns.ts';

/** What somebody answered on a landing page, by the visit. */
export const landingAnswers = pgTable('landing_answers', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  touchId: text('touch_id').$type<TouchId>().notNull(),
  answer: text().$type<LandingAnswer>().notNull(),
  code: text().notNull(),
  runId: text('run_id').notNull(),
  reason: text().$type<ReportReason>(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.touchId, table.answer] })]);
