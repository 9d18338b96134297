import { readLawBook } from '../../src/domain/law/law-book.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import type { Sql, TransactionSql } from '../client.ts';

/** What only reads: a pool or a transaction. The law is everybody's, so no tenant is needed. */
type Asking = { readonly sql: Sql | TransactionSql };

/** The version in force as an expression, for a query that asks for something else too; 0 where none was published. */
export function lawVersion({ sql }: Asking) {
  return sql`(select coalesce(max(version), 0) from law_books)`;
}

export async function loadLawVersion(asking: Asking): Promise<number> {
  const [row] = await asking.sql<{ version: number }[]>`select ${lawVersion(asking)} as version`;
  return row?.version ?? 0;
}

const MOST_KEPT = 8;
/** By version, for the process: it works with one database, and a published book never changes. */
const kept = new Map<number, LawBook>();

/** The book of a version; 0 gives the one this program comes with. Throws where there is no such version. */
export async function loadLawBook(sql: Sql | TransactionSql, version: number): Promise<LawBook> {
  if (version === 0) return shippedLaw();
  const known = kept.get(version);
  if (known !== undefined) return known;
  const [row] = await sql<{ book: unknown }[]>`select book from law_books where version = ${version}`;
  if (row === undefined) throw new Error(`no law book has version ${String(version)}`);
  const book = readLawBook(row.book);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(version, book);
  return book;
}

export type LawEdition = { version: number; edition: string; rules: number; publishedAt: number; publishedBy: string };

/** Every edition that was published, the newest first. */
export async function listLawEditions(sql: Sql | TransactionSql): Promise<LawEdition[]> {
  return sql<LawEdition[]>`
    select version, edition, jsonb_array_length(book -> 'rules') as rules, published_at as "publishedAt", published_by as "publishedBy"
    from law_books order by version desc`;
}
