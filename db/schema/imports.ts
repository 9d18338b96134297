import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { BatchId, ImportId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ImportKind } from '../../src/domain/import/columns.ts';
import type { ImportReason } from '../../src/domain/import/refusals.ts';
import type { ImportState } from '../../src/domain/import/states.ts';
import { bytes, instant } from './columns.ts';

export const imports = pgTable('imports', {
  id: text().$type<ImportId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text().$type<ImportKind>().notNull(),
  state: text().$type<ImportState>().notNull(),
  reason: text().$type<ImportReason>(),
  programId: text('program_id').$type<ProgramId>(),
  memberId: text('member_id').$type<MemberId>(),
  columns: text().array().notNull(),
  rowsTotal: integer('rows_total').notNull(),
  rowsAccepted: integer('rows_accepted').notNull(),
  rowsRefused: integer('rows_refused').notNull(),
  through: integer().notNull(),
  batchIds: text('batch_ids').$type<BatchId>().array().notNull(),
  actor: text().notNull(),
  createdAt: instant('created_at').notNull(),
  movedAt: instant('moved_at').notNull(),
  startedAt: instant('started_at'),
  finishedAt: instant('finished_at'),
});

export const importRows = pgTable('import_rows', {
  importId: text('import_id').$type<ImportId>().notNull(),
  n: integer().notNull(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  reason: text(),
  message: text(),
  rowSealed: bytes('row_sealed').notNull(),
}, (table) => [primaryKey({ columns: [table.importId, table.n] })]);
