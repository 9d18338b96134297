import type { Sql } from '../client.ts';

/**
 * What a redirect needs to know of each link and of the tenant it belongs to, by code, as JSON in a text: while that is the
 * same, nothing of it has changed (src/api/clicks/link-target.ts reads it). Codes that no link has are left out. Needs no
 * tenant: that is what it tells.
 */
export async function linkTargets(sql: Sql, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ code: string; target: string }[]>`select code, target from resolve_links(${[...new Set(codes)]}::text[])`;
  return new Map(rows.map(({ code, target }) => [code, target]));
}
