import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { day, instant } from './columns.ts';

export const streaks = pgTable('streaks', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  streak: text().notNull(),
  current: integer().notNull(),
  longest: integer().notNull(),
  latestAt: instant('latest_at'),
  latestZone: text('latest_zone'),
  latestDay: day('latest_day'),
  creditedDay: day('credited_day'),
  frozenDays: day('frozen_days').array().notNull(),
  zone: text().notNull(),
  freezesLeft: integer('freezes_left').notNull(),
  expiresAt: instant('expires_at'),
  dayEndsAt: instant('day_ends_at'),
  workedOutAt: instant('worked_out_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.memberId, table.streak] })]);

export const streakDays = pgTable('streak_days', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  streak: text().notNull(),
  day: day().notNull(),
  zone: text().notNull(),
  practisedAt: instant('practised_at').array().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.memberId, table.streak, table.day, table.zone] })]);

export const streakGrants = pgTable('streak_grants', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  sourceKey: text('source_key').notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  streak: text().notNull(),
  count: integer().notNull(),
  givenAt: instant('given_at').notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.sourceKey] })]);

export const streakPauses = pgTable('streak_pauses', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  key: text().notNull(),
  memberId: text('member_id').$type<MemberId>(),
  firstDay: day('first_day').notNull(),
  lastDay: day('last_day').notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.key] })]);
