import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { GuestId, MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import { instant } from './columns.ts';

export const boards = pgTable('boards', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  title: text().notNull(),
  endsAt: instant('ends_at').notNull(),
  pointsPerRight: integer('points_per_right').notNull(),
  looks: integer().notNull().default(0),
  closedAt: instant('closed_at'),
  createdAt: instant('created_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId] })]);

export const boardEntries = pgTable('board_entries', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  personId: text('person_id').$type<MemberId | GuestId>().notNull(),
  nameDrawn: integer('name_drawn').notNull(),
  score: integer().notNull(),
  achievedAt: instant('achieved_at').notNull(),
  practisedAt: instant('practised_at'),
  notedRank: integer('noted_rank'),
  joinedAt: instant('joined_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId, table.personId] })]);

export const boardNudges = pgTable('board_nudges', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  personId: text('person_id').$type<MemberId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.personId, table.runId, table.at] })]);
