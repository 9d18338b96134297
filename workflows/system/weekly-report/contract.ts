import type { IsoWeek } from '../../../src/domain/report/iso-week.ts';

/** What relay, worker and ops need to know of the weekly reports without loading their code. */

/** One tenant's report of one week. */
export const WEEKLY_REPORT_WORKFLOW = 'weeklyReport';
export type WeeklyReportInput = { tenantId: string; week: IsoWeek; /** Left out: its mails are put out. False: it was asked for. */ mails?: false };

/** What a week's run is called. That it happens once is the database's matter: a run that begins again finds the report put out. */
export function weeklyReportWorkflowId({ tenantId, week }: WeeklyReportInput): string {
  return `report/${tenantId}/${week}`;
}

/** Sends what waits of all tenants: questions whether somebody wants reports, and mails that had to be put off. */
export const REPORT_MAILS_WORKFLOW = 'reportMails';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const REPORT_MAILS_SCHEDULE_ID = 'report-mails';
export const REPORT_MAILS_EVERY = '1 minute';
