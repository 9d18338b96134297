import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { reportsDue, type DueReport } from '../../db/read/reports-due.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import { WEEKLY_REPORT_WORKFLOW, weeklyReportWorkflowId } from '../../workflows/system/weekly-report/contract.ts';
import { withinDeadline } from './deadline.ts';

const TENANT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenant, SearchAttributeType.KEYWORD);
/** A look, every 15 seconds: two hundred a minute, so that nine o'clock of a large zone is no burst; the last of ten thousand tenants has its report at ten. */
const MOST = 50;

/**
 * Starts the run of each tenant whose Monday nine has come and whose report was not put out: on time, late after an outage, again where Temporal lost
 * it. One that cannot be started holds up no other; throws after the others were started.
 */
export async function startDueReports({ db, clock, start }: { db: Pick<Database, 'sql'>; clock: Clock; start(report: DueReport): Promise<void> }): Promise<void> {
  const due = await reportsDue(db.sql, { now: clock.now(), most: MOST });
  const results = await Promise.allSettled(due.map(start));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** "Already started" is success. A run that has ended may begin again: whether the report was put out is the row's to say. */
export function startReport(client: Client, input: DueReport): Promise<void> {
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
