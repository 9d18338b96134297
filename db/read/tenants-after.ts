import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** Ids of tenants in their order, after one or (null) from the first: all that a run over tenants may know of them at once. */
export async function tenantsAfter(sql: Sql, after: TenantId | null, most: number): Promise<TenantId[]> {
  const rows = await sql<{ id: TenantId }[]>`select id from tenants_after(${after ?? ''}, ${most}) as id`;
  return rows.map(({ id }) => id);
}
