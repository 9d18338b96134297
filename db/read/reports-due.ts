import type { TenantId } from '../../src/domain/ids.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import { dueWeek, reportDueAt } from '../../src/domain/report/week-times.ts';
import type { Sql } from '../client.ts';

/** `mails` false: it was asked for, and no mails go out. */
export type DueReport = { readonly tenantId: TenantId; readonly week: IsoWeek; readonly mails?: false };

/** Whose latest report has fallen due (Monday, nine by their own clock) and was not put out, those that wait longest first; however late it is asked. After them the reports that were asked for. */
export async function reportsDue(sql: Sql, { now, most }: { now: number; most: number }): Promise<readonly DueReport[]> {
  const zones = (await sql<{ zone: string }[]>`select zone from report_zones() as zone`).map(({ zone }) => zone);
  const weeks = zones.map((zone) => dueWeek(now, zone));
  const dueAts = zones.map((zone, place) => reportDueAt(weeks[place] ?? dueWeek(now, zone), zone));
  const rows = await sql<{ tenantId: TenantId; week: IsoWeek; mails: boolean }[]>`
    select tenant_id as "tenantId", week, mails from reports_due(${zones}::text[], ${weeks}::text[], ${dueAts}::timestamptz[], ${most})`;
  return rows.map(({ mails, ...due }) => (mails ? due : { ...due, mails }));
}

/** Whose mails of reports are to be tried or given up by now. */
export async function tenantsWithReportMails(sql: Sql, { now, most }: { now: number; most: number }): Promise<readonly TenantId[]> {
  return (await sql<{ id: TenantId }[]>`select id from report_mails_due(${now}, ${most}) as id`).map(({ id }) => id);
}
