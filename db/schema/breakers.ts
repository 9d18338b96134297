import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Of all tenants in common: one row a provider. */
export const breakers = pgTable('breakers', {
  provider: text().primaryKey(),
  failures: integer().notNull(),
  answers: integer().notNull(),
  countedSince: instant('counted_since').notNull(),
  openedAt: instant('opened_at'),
  openUntil: instant('open_until').notNull(),
  openings: integer().notNull(),
  reason: text(),
  probeUntil: instant('probe_until'),
  probes: bigint({ mode: 'number' }).notNull(),
  closedAt: instant('closed_at'),
});
