import type { Sql } from '../client.ts';

/**
 * What a redirect needs to know of a link and of the tenant it belongs to: JSON in a text, which src/api/clicks/link-target.ts
 * reads. `mark`: while it is the same, nothing of it has changed.
 */
export type FoundLink = { readonly mark: string; readonly target: string };

/** The links behind codes; codes that no link has are left out. Needs no tenant: that is what it tells. */
export async function findLinks(sql: Sql, codes: readonly string[]): Promise<ReadonlyMap<string, FoundLink>> {
  const rows = await sql<{ code: string; mark: string; target: string }[]>`select code, mark::text, target from resolve_links(${[...new Set(codes)]}::text[], '{}')`;
  return new Map(rows.map(({ code, mark, target }) => [code, { mark, target }]));
}
