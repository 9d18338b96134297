import type { IsoWeek } from '../../../src/domain/report/iso-week.ts';

/** What relay, worker and ops need to know of the weekly reports without loading their code. */

/** One tenant's report of one week. */
export const WEEKLY_REPORT_WORKFLOW = 'weeklyReport';
/** The relay names the week; a run that the tenant's Schedule starts finds it. */
export type WeeklyReportInput = { tenantId: string; week: IsoWeek; /** Left out: its mails are put out. False: it was asked for. */ mails?: false };
export type ScheduledReportInput = { tenantId: string };

/** Of a tenant's Schedule, and the beginning of the ids of the runs that it starts: Temporal adds the time. */
export function reportScheduleId(tenantId: string): string {
  return `report/${tenantId}`;
}

/** What a week's run is called that the relay starts. That a report is put out once is the database's matter, whoever starts a run and how often. */
export function weeklyReportWorkflowId({ tenantId, week }: WeeklyReportInput): string {
  return `report/${tenantId}/${week}`;
}

/** By the clock of the tenant's zone. */
export const REPORT_AT = { dayOfWeek: 'MONDAY', hour: 9, minute: 0 } as const;
/** Ten thousand tenants of one zone are 33 a second: what Temporal starts from Schedules in a namespace by default, and no more than the database likes. */
export const REPORT_JITTER = '5 minutes';
/** Of a Monday that Temporal missed. Never two of them: a report's mails are let go after as long. */
export const REPORT_CATCHUP = '6 days';

/** Sends what waits of all tenants: questions whether somebody wants reports, and mails that had to be put off. */
export const REPORT_MAILS_WORKFLOW = 'reportMails';
/** Of the Schedule that starts it, and the beginning of the runs' ids. */
export const REPORT_MAILS_SCHEDULE_ID = 'report-mails';
export const REPORT_MAILS_EVERY = '1 minute';
