import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** Tenants whose books hold transfers that no block seals yet, in the order of their ids, after one or (null) from the first. */
export async function ledgersToSeal(sql: Sql, after: TenantId | null, most: number): Promise<TenantId[]> {
  const rows = await sql<{ id: TenantId }[]>`select id from ledgers_to_seal(${after ?? ''}, ${most}) as id`;
  return rows.map(({ id }) => id);
}
