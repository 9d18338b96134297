import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { reportsDue } from '../../db/read/reports-due.ts';
import { holdOverdueReport, noteScheduleLost } from '../../db/write/reports/report-schedules.ts';
import type { TenantId } from '../domain/ids.ts';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import { WEEKLY_REPORT_WORKFLOW, weeklyReportWorkflowId, type WeeklyReportInput } from '../../workflows/system/weekly-report/contract.ts';
import { withinDeadline } from './deadline.ts';
import { findReportSchedule, TENANT, type ScheduleState } from './keep-report-schedules.ts';

/** A look, every 15 seconds: two hundred a minute, so that nine o'clock of a large zone is no burst. */
const MOST = 50;

export type ReportStarts = {
  start(report: WeeklyReportInput): Promise<void>;
  findSchedule(tenantId: TenantId): Promise<ScheduleState>;
};

/**
 * Starts what no Schedule does: reports that were asked for, those of tenants whose report nobody reads by mail, and those whose Schedule should have
 * started them an hour ago (it was lost, or Temporal was). A Schedule that an operator has paused is no lost one: its report waits
 * until they let it go on. One that cannot be started holds up no other; throws after the others were started.
 */
export async function startDueReports({ db, clock, temporal }: { db: Pick<Database, 'sql'>; clock: Clock; temporal: ReportStarts }): Promise<void> {
  const due = await reportsDue(db.sql, { now: clock.now(), most: MOST });
  const results = await Promise.allSettled(due.map(async ({ overdue, ...report }) => {
    const schedule = overdue === true ? await temporal.findSchedule(report.tenantId) : null;
    if (schedule === 'paused') return holdOverdueReport(db.sql, report.tenantId, clock.now());
    if (schedule === 'lost') await noteScheduleLost(db.sql, report.tenantId, clock.now());
    return temporal.start(report);
  }));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

export function reportStarts(client: Client): ReportStarts {
  return { start: (report) => startReport(client, report), findSchedule: (tenantId) => findReportSchedule(client, tenantId) };
}

/** "Already started" is success. A run that has ended may begin again: whether the report was put out is the row's to say. */
function startReport(client: Client, input: WeeklyReportInput): Promise<void> {
  return withinDeadline(client.connection, async () => {
    try {
      await client.workflow.start(WEEKLY_REPORT_WORKFLOW, {
        workflowId: weeklyReportWorkflowId(input),
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: input.tenantId }]),
        staticSummary: `The report of ${input.week} of ${input.tenantId}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  });
}
