import { Client, ScheduleOverlapPolicy, type Connection, type ScheduleOptions } from '@temporalio/client';
import { FIND_STREAKS_EVERY, FIND_STREAKS_SCHEDULE_ID, FIND_STREAKS_WORKFLOW } from '../../workflows/system/find-streaks-at-risk/contract.ts';
import { LEARN_PEAKS_AT, LEARN_PEAKS_SCHEDULE_ID, LEARN_PEAKS_WORKFLOW } from '../../workflows/system/learn-peaks/contract.ts';
import { MONTHS_AHEAD, RETENTION_AT, RETENTION_SCHEDULE_ID, RETENTION_WORKFLOW } from '../../workflows/system/retention/contract.ts';
import { SEAL_LEDGER_EVERY, SEAL_LEDGER_SCHEDULE_ID, SEAL_LEDGER_WORKFLOW } from '../../workflows/system/seal-ledger/contract.ts';
import { SETTLE_SMS_EVERY, SETTLE_SMS_SCHEDULE_ID, SETTLE_SMS_WORKFLOW } from '../../workflows/system/settle-sms/contract.ts';
import { SWEEP_PUSHES_EVERY, SWEEP_PUSHES_SCHEDULE_ID, SWEEP_PUSHES_WORKFLOW } from '../../workflows/system/sweep-pushes/contract.ts';
import { SWEEP_REWARDS_EVERY, SWEEP_REWARDS_SCHEDULE_ID, SWEEP_REWARDS_WORKFLOW } from '../../workflows/system/sweep-rewards/contract.ts';
import { REPORT_MAILS_EVERY, REPORT_MAILS_SCHEDULE_ID, REPORT_MAILS_WORKFLOW } from '../../workflows/system/weekly-report/contract.ts';
import { TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import type { Logger } from '../telemetry/logger.ts';
import { setSchedule } from './set-schedule.ts';

/** What runs by the clock, as the code says it. One that missed its hour because everything was down is made up for. */
const SCHEDULES: readonly ScheduleOptions[] = [{
  scheduleId: RETENTION_SCHEDULE_ID,
  spec: { calendars: [{ ...RETENTION_AT, comment: 'daily, UTC' }], timezone: 'UTC' },
  action: {
    type: 'startWorkflow',
    workflowType: RETENTION_WORKFLOW,
    workflowId: RETENTION_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: `Makes ${String(MONTHS_AHEAD)} months ahead, removes what is over, reports`,
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
}, {
  scheduleId: LEARN_PEAKS_SCHEDULE_ID,
  spec: { calendars: [{ ...LEARN_PEAKS_AT, comment: 'weekly, UTC' }], timezone: 'UTC' },
  action: {
    type: 'startWorkflow',
    workflowType: LEARN_PEAKS_WORKFLOW,
    workflowId: LEARN_PEAKS_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Learns at which times of the week messages are answered best',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
}, {
  scheduleId: SEAL_LEDGER_SCHEDULE_ID,
  spec: { intervals: [{ every: SEAL_LEDGER_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: SEAL_LEDGER_WORKFLOW,
    workflowId: SEAL_LEDGER_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Seals what was booked into the chain of each tenant\'s ledger',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
}, {
  scheduleId: SETTLE_SMS_SCHEDULE_ID,
  spec: { intervals: [{ every: SETTLE_SMS_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: SETTLE_SMS_WORKFLOW,
    workflowId: SETTLE_SMS_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Asks the SMS vendor what became of hand-offs of unknown outcome',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
}, {
  scheduleId: SWEEP_REWARDS_SCHEDULE_ID,
  spec: { intervals: [{ every: SWEEP_REWARDS_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: SWEEP_REWARDS_WORKFLOW,
    workflowId: SWEEP_REWARDS_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Releases and expires rewards that no run has looked after',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
}, {
  scheduleId: SWEEP_PUSHES_SCHEDULE_ID,
  spec: { intervals: [{ every: SWEEP_PUSHES_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: SWEEP_PUSHES_WORKFLOW,
    workflowId: SWEEP_PUSHES_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Lets pushes leave that waited for their member\'s hours',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
}, {
  scheduleId: FIND_STREAKS_SCHEDULE_ID,
  spec: { intervals: [{ every: FIND_STREAKS_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: FIND_STREAKS_WORKFLOW,
    workflowId: FIND_STREAKS_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Offers help to members whose streak ends within hours',
  },
  // Half an hour late many are still at risk, and the next comes soon.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '30 minutes' },
}, {
  scheduleId: REPORT_MAILS_SCHEDULE_ID,
  spec: { intervals: [{ every: REPORT_MAILS_EVERY }] },
  action: {
    type: 'startWorkflow',
    workflowType: REPORT_MAILS_WORKFLOW,
    workflowId: REPORT_MAILS_SCHEDULE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Sends questions whether somebody wants weekly reports, and mails of reports that were put off',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
}];

/**
 * Creates the Schedules, or changes those that are there to what the code says; an operator's pause and note stay. Called when
 * a worker starts, and when the relay prepares Temporal again: a lost store has forgotten them. Throws where Temporal does
 * not answer.
 */
export async function ensureSchedules(connection: Connection, namespace: string, log: Logger): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  for (const wanted of SCHEDULES) {
    if ((await setSchedule(schedule, wanted)) === 'created') log.info({ schedule: wanted.scheduleId }, 'schedule created');
  }
}
