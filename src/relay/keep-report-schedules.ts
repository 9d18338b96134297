import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { noteScheduleSet, takeReportSchedules } from '../../db/write/reports/report-schedules.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Logger } from '../telemetry/logger.ts';
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
 * One that Temporal does not take holds up no other; throws after the others were set. A zone that Temporal does not know is told again with the next
 * day or zone, and not each minute.
 */
export async function keepReportSchedules({ db, clock, schedules, log }: { db: Pick<Database, 'sql'>; clock: Clock; schedules: ReportSchedules; log?: Pick<Logger, 'warn'> }): Promise<void> {
  const taken = await takeReportSchedules(db.sql, { now: clock.now(), most: MOST });
  const results = await Promise.allSettled(taken.map(async (one) => {
    await (one.zone === null ? schedules.remove(one.tenantId) : schedules.set(one.tenantId, one.zone)).catch((error: unknown) => {
      if (!isRefused(error)) throw error;
      log?.warn({ err: error, tenantId: one.tenantId }, 'Temporal does not know the zone of a tenant: its report is started by the relay, an hour late');
    });
    await noteScheduleSet(db.sql, one, clock.now());
  }));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

export function reportSchedules(client: Client): ReportSchedules {
  return {
    set: (tenantId, zone) => withinDeadline(client.connection, () => setInZone(zone, (name) => setSchedule(client.schedule, reportSchedule(tenantId, name)))),
    remove: (tenantId) => withinDeadline(client.connection, async () => {
      try {
        await client.schedule.getHandle(reportScheduleId(tenantId)).delete();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      }
    }),
  };
}

/**
 * Sets something in a zone as it is named, and where Temporal knows none of that name by the name that Intl has for it: Intl, and so the API, reads names in any
 * case, and some that the tz database no longer has. Throws a TypeError where Temporal knows neither.
 */
export async function setInZone(zone: string, set: (name: string) => Promise<unknown>): Promise<void> {
  try {
    await set(zone);
  } catch (error) {
    if (!isRefused(error)) throw error;
    await set(new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone);
  }
}

/** The SDK's word for times of a Schedule that Temporal does not take. */
function isRefused(error: unknown): boolean {
  return error instanceof TypeError;
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
