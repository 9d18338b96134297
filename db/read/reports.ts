import type { TenantId } from '../../src/domain/ids.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import type { WeeklyReport } from '../../src/domain/report/report.ts';
import type { Tx } from '../client.ts';

/** A report as it is kept. `mailedAt` (epoch ms): since then it stays as it was mailed. */
export type KeptReport = { readonly report: WeeklyReport; readonly mailedAt: number | null };

export async function readReport({ sql }: Tx, tenantId: TenantId, week: IsoWeek): Promise<KeptReport | null> {
  const [row] = await sql<KeptReport[]>`select report, mailed_at as "mailedAt" from weekly_reports where tenant_id = ${tenantId} and week = ${week}`;
  return row ?? null;
}

/** Reports before a week (null: from the newest), newest first. */
export async function listReports({ sql }: Tx, tenantId: TenantId, { before, limit }: { before: IsoWeek | null; limit: number }): Promise<readonly KeptReport[]> {
  return sql<KeptReport[]>`
    select report, mailed_at as "mailedAt" from weekly_reports
    where tenant_id = ${tenantId} and (${before}::text is null or week < ${before}) order by week desc limit ${limit}`;
}

/** What a report's reader is told of who sends it, and how its own units are called. */
export type ReportSender = { readonly name: string; readonly fromName: string; readonly fromAddress: string; readonly replyTo: string | null; readonly postalAddress: string; readonly publicUrl: string; readonly zone: string; readonly unitTitles: ReadonlyMap<string, string> };

export async function readReportSender({ sql }: Tx, tenantId: TenantId): Promise<ReportSender> {
  const [tenant] = await sql<Omit<ReportSender, 'unitTitles'>[]>`
    select name, from_name as "fromName", from_address as "fromAddress", reply_to as "replyTo", postal_address as "postalAddress", public_url as "publicUrl", zone from tenants where id = ${tenantId}`;
  if (tenant === undefined) throw new Error(`no tenant ${tenantId}`);
  const units = await sql<{ unit: string; title: string }[]>`select unit, title from tenant_units where tenant_id = ${tenantId}`;
  return { ...tenant, unitTitles: new Map(units.map(({ unit, title }) => [unit, title])) };
}
