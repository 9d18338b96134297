import type { TenantId } from '../../src/domain/ids.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import { dueWeek, reportDueAt } from '../../src/domain/report/week-times.ts';
import type { Sql } from '../client.ts';

/** A report that the relay is to start. `mails` false: it was asked for, and no mails go out. `overdue`: the tenant's Schedule should have started it. */
export type DueReport = { readonly tenantId: TenantId; readonly week: IsoWeek; readonly mails?: false; readonly overdue?: true };

/** So long after nine a Schedule that has not had its report put out is not waited for any more. */
export const OVERDUE_MS = 3_600_000;

/**
 * Whose latest report has fallen due (Monday, nine by their own clock) and was not put out, those that wait longest first; however late it is asked. Where
 * a Schedule of its own sees to it, an hour after nine, and not while an operator holds it. After them the reports that were asked for.
 */
export async function reportsDue(sql: Sql, { now, most }: { now: number; most: number }): Promise<readonly DueReport[]> {
  const zones = (await sql<{ zone: string }[]>`select zone from report_zones() as zone`).map(({ zone }) => zone);
  const weeks = zones.map((zone) => dueWeek(now, zone));
  const dueAts = zones.map((zone, place) => reportDueAt(weeks[place] ?? dueWeek(now, zone), zone));
  const rows = await sql<{ tenantId: TenantId; week: IsoWeek; mails: boolean; overdue: boolean }[]>`
    select tenant_id as "tenantId", week, mails, overdue from reports_due(${zones}::text[], ${weeks}::text[], ${dueAts}::timestamptz[], ${now}, ${now - OVERDUE_MS}, ${most})`;
  return rows.map(({ mails, overdue, ...due }) => ({ ...due, ...(mails ? {} : { mails }), ...(overdue ? { overdue } : {}) }));
}

/** Whose mails of reports are to be tried or given up by now. */
export async function tenantsWithReportMails(sql: Sql, { now, most }: { now: number; most: number }): Promise<readonly TenantId[]> {
  return (await sql<{ id: TenantId }[]>`select id from report_mails_due(${now}, ${most}) as id`).map(({ id }) => id);
}
