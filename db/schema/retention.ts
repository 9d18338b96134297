import { bigint, date, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { TenantId } from '../../src/domain/ids.ts';
import { instant } from './columns.ts';

/** What is kept by the month and goes after the tenant's term. */
export const RETAINED_TABLES = ['decisions', 'receipts', 'touches'] as const;
export type RetainedTable = (typeof RETAINED_TABLES)[number];

/** All that a report may be about: also what is kept whole and removed row by row, reported on days on which some of it was. */
export const REPORTED_TABLES = [...RETAINED_TABLES, 'imports', 'run_facts', 'webhook_sequences'] as const;
export type ReportedTable = (typeof REPORTED_TABLES)[number];

/** The days on which retention ran; of no tenant. */
export const retentionRuns = pgTable('retention_runs', {
  day: date().primaryKey(),
  toldAt: instant('told_at').notNull(),
  finishedAt: instant('finished_at'),
});

export const retentionReports = pgTable('retention_reports', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  day: date().notNull(),
  tableName: text('table_name').$type<ReportedTable>().notNull(),
  rowsRemoved: bigint('rows_removed', { mode: 'number' }).notNull(),
  partitionsDropped: integer('partitions_dropped').notNull(),
  networkDataRemoved: bigint('network_data_removed', { mode: 'number' }).notNull(),
  oldestKeptAt: instant('oldest_kept_at'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.day, table.tableName] })]);
