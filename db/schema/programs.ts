import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Stoppable } from '../../src/domain/message/channel.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { instant } from './columns.ts';

export const programs = pgTable('programs', {
  id: text().$type<ProgramId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  loop: text().notNull(),
  title: text().notNull(),
  topic: text().notNull(),
  version: integer().notNull(),
  rulesVersion: integer('rules_version').notNull(),
  pausedAt: instant('paused_at'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  closedAt: instant('closed_at'),
});

export const programVersions = pgTable('program_versions', {
  programId: text('program_id').$type<ProgramId>().notNull(),
  version: integer().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  title: text().notNull(),
  terms: jsonb().$type<ProgramTerms>().notNull(),
  createdAt: instant('created_at').notNull(),
}, (table) => [primaryKey({ columns: [table.programId, table.version] })]);

export const hardStops = pgTable('hard_stops', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  channel: text().$type<Stoppable>().notNull(),
  reason: text().notNull(),
  since: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.channel] })]);
