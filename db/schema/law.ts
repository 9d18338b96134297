import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import { instant } from './columns.ts';

/** Of all tenants in common. */
export const lawBooks = pgTable('law_books', {
  version: integer().primaryKey(),
  edition: text().notNull(),
  book: jsonb().$type<LawBook>().notNull(),
  publishedAt: instant('published_at').notNull(),
  publishedBy: text('published_by').notNull(),
});
