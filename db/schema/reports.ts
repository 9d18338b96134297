import { bigint, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { MemberId, ProgramId, ReportRecipientId, TenantId } from '../../src/domain/ids.ts';
import type { Figure } from '../../src/domain/report/daily-figures.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import type { ReportMailAbout, ReportMailState } from '../../src/domain/report/report-mail-state.ts';
import type { WeeklyReport } from '../../src/domain/report/report.ts';
import { bytes, day, instant } from './columns.ts';

export const dailyFigures = pgTable('daily_figures', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  day: day().notNull(),
  programId: text('program_id').$type<ProgramId>(),
  figure: text().$type<Figure>().notNull(),
  unit: text().notNull(),
  count: bigint({ mode: 'number' }).notNull(),
  amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
});

export const dailyReferrers = pgTable('daily_referrers', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  day: day().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  signUps: integer('sign_ups').notNull(),
  firstValues: integer('first_values').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.day, table.memberId] })]);

export const weeklyReports = pgTable('weekly_reports', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  week: text().$type<IsoWeek>().notNull(),
  report: jsonb().$type<WeeklyReport>().notNull(),
  madeAt: instant('made_at').notNull(),
  mailedAt: instant('mailed_at'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.week] })]);

export const reportSchedules = pgTable('report_schedules', {
  tenantId: text('tenant_id').$type<TenantId>().primaryKey(),
  zone: text(),
  lookAt: instant('look_at').notNull(),
  heldUntil: instant('held_until'),
});

export const reportRecipients = pgTable('report_recipients', {
  id: text().$type<ReportRecipientId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  emailHash: bytes('email_hash').notNull(),
  emailSealed: bytes('email_sealed').notNull(),
  createdAt: instant('created_at').notNull(),
  confirmedAt: instant('confirmed_at'),
  unsubscribedAt: instant('unsubscribed_at'),
  locale: text(),
  removedAt: instant('removed_at'),
});

export const reportMails = pgTable('report_mails', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientId: text('recipient_id').$type<ReportRecipientId>().notNull(),
  about: text().$type<ReportMailAbout>().notNull(),
  state: text().$type<ReportMailState>().notNull(),
  reason: text(),
  tries: smallint().notNull(),
  dueAt: instant('due_at'),
  expiresAt: instant('expires_at').notNull(),
  queuedAt: instant('queued_at').notNull(),
  recordedAt: instant('recorded_at'),
  providerMessageId: text('provider_message_id'),
  bouncedAt: instant('bounced_at'),
  complainedAt: instant('complained_at'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.recipientId, table.about, table.queuedAt] })]);
