import { isDeepStrictEqual } from 'node:util';
import { lawBookProblems, readLawBook } from '../../src/domain/law/law-book.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Database, Sql, TransactionSql } from '../client.ts';
import { inTransaction } from '../transaction.ts';
import { recordDecision } from './decide.ts';
import { markStale } from './mark-stale.ts';

export type PublishedLaw =
  | { outcome: 'published'; version: number; markedTenants: number }
  | { outcome: 'unchanged'; version: number; markedTenants: number }
  | { outcome: 'refused'; problems: string[] };

/** Only the owner publishes; tenants' rows are changed as the app. */
export type LawStore = { readonly owner: Sql; readonly app: Database };

/**
 * Puts a new edition in force for everybody. `value` is outside data: refused with every problem, each with its path.
 * Then, tenant by tenant, all that waits is planned again by it, and a decision says so. Published by somebody (`by`: a
 * role or a ticket) at `now` (epoch ms). Publishing the same book once more changes nothing but finishes what a crash
 * left undone.
 */
export async function publishLaw(store: LawStore, value: unknown, { now, by }: { now: number; by: string }): Promise<PublishedLaw> {
  const problems = lawBookProblems(value);
  if (problems.length > 0) return { outcome: 'refused', problems };
  const stored = await inTransaction(store.owner, (tx) => storeBook(tx, readLawBook(value), { now, by }));
  if (stored.outcome === 'refused') return stored;
  return { outcome: stored.outcome, version: stored.version, markedTenants: await tellTenants(store, stored.version, now) };
}

type Newest = { version: number; book: unknown };

async function storeBook(tx: TransactionSql, book: LawBook, { now, by }: { now: number; by: string }) {
  // Readers go on; two who publish go one after the other.
  await tx`lock table law_books in share row exclusive mode`;
  const [newest] = await tx<Newest[]>`select version, book from law_books order by version desc limit 1`;
  if (newest !== undefined && isDeepStrictEqual(newest.book, asStored(book))) return { outcome: 'unchanged' as const, version: newest.version };
  const sameName = await tx<{ book: unknown }[]>`select book from law_books where edition = ${book.edition}`;
  if (sameName.some((other) => !isDeepStrictEqual(other.book, asStored(book)))) {
    return { outcome: 'refused' as const, problems: [`edition: "${book.edition}" was published with other rules; give this one a name of its own`] };
  }
  const version = (newest?.version ?? 0) + 1;
  await tx`
    insert into law_books (version, edition, book, published_at, published_by)
    values (${version}, ${book.edition}, ${JSON.stringify(book)}, ${now}, ${by})`;
  return { outcome: 'published' as const, version };
}

/** As the database gives it back. */
function asStored(book: LawBook): unknown {
  return JSON.parse(JSON.stringify(book));
}

const MEANWHILE_MS = 60_000;

/** Plans anew what waits under older law; returns how many tenants had not been told of this version yet. */
export async function tellTenants({ owner, app }: LawStore, version: number, now: number): Promise<number> {
  const [law] = await owner<{ edition: string; publishedBy: string; publishedAt: number }[]>`
    select edition, published_by as "publishedBy", published_at as "publishedAt" from law_books where version = ${version}`;
  if (law === undefined) throw new Error(`no law book has version ${String(version)}`);
  // Whoever came later has lived by it from the start; a minute, for those who came while it was being published.
  const tenants = await owner<{ id: TenantId }[]>`select id from tenants where created_at <= ${law.publishedAt + MEANWHILE_MS} order by id`;
  let told = 0;
  for (const { id } of tenants) if (await tellTenant(app, id, { ...law, version }, now)) told += 1;
  return told;
}

async function tellTenant(app: Database, tenantId: TenantId, law: { version: number; edition: string; publishedBy: string }, now: number): Promise<boolean> {
  return app.asTenant(tenantId, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(hashtextextended('law ' || ${tenantId}, 0))`;
    const known = await tx.sql`
      select 1 from decisions where tenant_id = ${tenantId} and subject_id = ${tenantId} and kind = 'law_changed' and (inputs ->> 'lawVersion')::integer = ${law.version} limit 1`;
    if (known.length > 0) return false;
    await markStale(tx, { kind: 'tenant', tenantId }, now);
    await recordDecision(tx, {
      tenantId, subjectId: tenantId, kind: 'law_changed', rule: `Edition ${law.edition} of the law binds what waits: it is planned again.`,
      inputs: { lawVersion: law.version, edition: law.edition }, actor: law.publishedBy, now,
    });
    return true;
  });
}
