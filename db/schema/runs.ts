import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { TenantId } from '../../src/domain/ids.ts';
import type { FactScalar } from '../../src/domain/run/fact.ts';
import { instant } from './columns.ts';

export const runs = pgTable('runs', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  id: text().notNull(),
  loop: text().notNull(),
  generation: integer().notNull(),
  input: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  stage: text().notNull(),
  dueAt: instant('due_at'),
  capAt: instant('cap_at'),
  pausedAt: instant('paused_at'),
  outcome: text(),
  reason: text(),
  openedAt: instant('opened_at').notNull(),
  movedAt: instant('moved_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  closedAt: instant('closed_at'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.id] })]);

export const runFacts = pgTable('run_facts', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').notNull(),
  factId: text('fact_id').notNull(),
  kind: text().notNull(),
  data: jsonb().$type<Readonly<Record<string, FactScalar>>>().notNull(),
  at: instant().notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.runId, table.factId] })]);
