import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { noteScheduleSet, takeReportSchedules } from '../../db/write/reports/report-schedules.ts';
import type { TenantId } from '../domain/ids.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import { REPORT_AT, REPORT_CATCHUP, REPORT_JITTER, reportScheduleId, WEEKLY_REPORT_WORKFLOW, type ScheduledReportInput } from '../../workflows/system/weekly-report/contract.ts';
import { withinDeadline } from './deadline.ts';
import { setSchedule } from './set-schedule.ts';

export const TENANT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenant, SearchAttributeType.KEYWORD);
/** A look, every 15 seconds. */
const MOST = 50;

export type ScheduleState = 'fires' | 'paused' | 'lost';
export type ReportSchedules = { set(tenantId: TenantId, zone: string): Promise<void>; remove(tenantId: TenantId): Promise<void> };

/**
 * Gives each tenant whose report somebody reads a Schedule of its own, Monday nine in its zone: makes it with the first reader, changes it with
 * the zone, removes it with the last reader, and sets each again once a day, as Temporal may have lost it. Any number of relays may do so at once.
 * One that Temporal does not take holds up no other; throws after the others were set.
 */
export async function keepReportSchedules({ db, clock, schedules }: { db: Pick<Database, 'sql'>; clock: Clock; schedules: ReportSchedules }): Promise<void> {
  const taken = await takeReportSchedules(db.sql, { now: clock.now(), most: MOST });
  const results = await Promise.allSettled(taken.map(async (one) => {
    await (one.zone === null ? schedules.remove(one.tenantId) : schedules.set(one.tenantId, one.zone));
    await noteScheduleSet(db.sql, one, clock.now());
  }));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

export function reportSchedules(client: Client): ReportSchedules {
  return {
    set: (tenantId, zone) => withinDeadline(client.connection, async () => { await setSchedule(client.schedule, reportSchedule(tenantId, zone)); }),
    remove: (tenantId) => withinDeadline(client.connection, async () => {
      try {
        await client.schedule.getHandle(reportScheduleId(tenantId)).delete();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      }
    }),
  };
}

/** A pause is an operator's; nobody else pauses them. */
export function findReportSchedule(client: Client, tenantId: TenantId): Promise<ScheduleState> {
  return withinDeadline(client.connection, async () => {
    try {
      return (await client.schedule.getHandle(reportScheduleId(tenantId)).describe()).state.paused ? 'paused' : 'fires';
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return 'lost';
      throw error;
    }
  });
}

function reportSchedule(tenantId: TenantId, zone: string): ScheduleOptions {
  const id = reportScheduleId(tenantId);
  const input: ScheduledReportInput = { tenantId };
  const typedSearchAttributes = new TypedSearchAttributes([{ key: TENANT, value: tenantId }]);
  return {
    scheduleId: id,
    spec: { calendars: [{ ...REPORT_AT, comment: 'Monday nine by the tenant\'s clock' }], timezone: zone, jitter: REPORT_JITTER },
    action: {
      type: 'startWorkflow',
      workflowType: WEEKLY_REPORT_WORKFLOW,
      workflowId: id,
      taskQueue: TASK_QUEUE,
      args: [input],
      typedSearchAttributes,
      staticSummary: `The weekly report of ${tenantId}`,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: REPORT_CATCHUP },
    typedSearchAttributes,
  };
}
