import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { ReportedTable } from '../schema/retention.ts';

/** What one day's run did of one table. `day`: `2026-11-21`; `oldestKeptAt` in epoch ms, null: it holds nothing. */
export type RetentionReport = {
  day: string;
  table: ReportedTable;
  rowsRemoved: number;
  partitionsDropped: number;
  networkDataRemoved: number;
  oldestKeptAt: number | null;
};

export type ReportPlace = { day: string; table: string };

/** The tenant's reports, the newest day first, within a day by table; after a place. */
export async function listRetentionReports(tx: Tx, tenantId: TenantId, { after, limit }: { after: ReportPlace | null; limit: number }): Promise<RetentionReport[]> {
  return tx.sql<RetentionReport[]>`
    select day, table_name as table, rows_removed::float8 as "rowsRemoved", partitions_dropped as "partitionsDropped",
           network_data_removed::float8 as "networkDataRemoved", oldest_kept_at as "oldestKeptAt"
    from retention_reports where tenant_id = ${tenantId}
      ${after === null ? tx.sql`` : tx.sql`and (day, table_name) < (${after.day}::date, ${after.table})`}
    order by day desc, table_name desc limit ${limit}`;
}
