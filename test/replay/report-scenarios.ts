import type { History } from '@temporalio/common/lib/proto-utils';
import { REPORT_MAILS_WORKFLOW, WEEKLY_REPORT_WORKFLOW, type WeeklyReportInput } from '../../workflows/system/weekly-report/contract.ts';
import type { reportMails, weeklyReport } from '../../workflows/system/weekly-report/workflow.ts';
import type { VirtualTime } from '../support/loops.ts';

const INPUT: WeeklyReportInput = { tenantId: 'tnt_01ksr49200081040g2081040g2', week: '2026-W23' };

/** Lives of the runs of weekly reports worth keeping. */
export const REPORT_SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  /** Counting fails once; then the report is put out, and one of its two mails leaves at once. */
  'weekly-report-put-out': async (time) => {
    const workflowId = time.freshId('report');
    let tries = 0;
    const makeWeeklyReport = async () => {
      tries += 1;
      if (tries === 1) throw new Error('the database is away');
      return { outcome: 'put_out' as const, mails: 2 };
    };
    await time.withWorker({ makeWeeklyReport, sendReportMails: async () => ({ sent: 1 }) }, (taskQueue) =>
      time.env.client.workflow.execute<typeof weeklyReport>(WEEKLY_REPORT_WORKFLOW, { taskQueue, workflowId, args: [INPUT] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** A Schedule has fired again: the week is found, and was put out. */
  'weekly-report-by-schedule': async (time) => {
    const workflowId = time.freshId('report');
    await time.withWorker({ findReportWeek: async () => ({ week: INPUT.week }), makeWeeklyReport: async () => ({ outcome: 'put_out_before' as const, mails: 0 }) }, (taskQueue) =>
      time.env.client.workflow.execute<typeof weeklyReport>(WEEKLY_REPORT_WORKFLOW, { taskQueue, workflowId, args: [{ tenantId: INPUT.tenantId }] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  'report-mails-whole-run': async (time) => {
    const workflowId = time.freshId('report-mails');
    await time.withWorker({ sendReportMails: async () => ({ sent: 3 }) }, (taskQueue) =>
      time.env.client.workflow.execute<typeof reportMails>(REPORT_MAILS_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
};
