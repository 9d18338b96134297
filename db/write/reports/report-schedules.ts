import type { TenantId } from '../../../src/domain/ids.ts';
import type { Sql } from '../../client.ts';

/** Whoever takes one has so long to tell Temporal; then it is anybody's again. */
const LEASE_MS = 60_000;
/** Each is set again once a day, whatever is known of it: Temporal's store may have been lost, or somebody changed it there. */
const WALK_MS = 24 * 3_600_000;
/** A report that is late because its Schedule is paused is asked after so often. */
const HOLD_MS = 15 * 60_000;

/** A tenant's Schedule that is to be set: to fire in `zone`, or (null: nobody reads its report) to be removed. `leasedUntil`: whoever took it answers by that (epoch ms). */
export type TakenSchedule = { readonly tenantId: TenantId; readonly zone: string | null; readonly leasedUntil: number };

/**
 * Takes Schedules that are not as the tenants' readers and zones say, or were not set for a day (relay role). Of a tenant with a
 * first reader the row is made now, before Temporal hears of it. What is not answered comes again after a minute.
 */
export async function takeReportSchedules(sql: Sql, { now, most }: { now: number; most: number }): Promise<readonly TakenSchedule[]> {
  const isRead = sql`exists (select 1 from report_recipients r where r.tenant_id = t.id and r.confirmed_at is not null and r.unsubscribed_at is null)`;
  await sql`
    insert into report_schedules (tenant_id, look_at)
    select t.id, ${now}::timestamptz from tenants t
    where not exists (select 1 from report_schedules s where s.tenant_id = t.id) and ${isRead}
    order by t.id limit ${most} on conflict do nothing`;
  const leasedUntil = now + LEASE_MS;
  const rows = await sql<{ tenantId: TenantId; zone: string | null }[]>`
    with due as (
      select s.tenant_id, wanted.zone from report_schedules s join tenants t on t.id = s.tenant_id cross join lateral (select case when ${isRead} then t.zone end as zone) as wanted
      where s.look_at <= ${now} or (s.zone is not null and s.zone is distinct from wanted.zone)
      order by s.look_at limit ${most} for no key update of s skip locked
    )
    update report_schedules s set zone = null, look_at = ${leasedUntil} from due where s.tenant_id = due.tenant_id
    returning s.tenant_id as "tenantId", due.zone`;
  return rows.map((row) => ({ ...row, leasedUntil }));
}

/** Temporal has done as was taken (relay role). Nothing where the lease was over and somebody else has it. */
export async function noteScheduleSet(sql: Sql, { tenantId, zone, leasedUntil }: TakenSchedule, now: number): Promise<void> {
  if (zone === null) await sql`delete from report_schedules where tenant_id = ${tenantId} and look_at = ${leasedUntil}`;
  else await sql`update report_schedules set zone = ${zone}, look_at = ${now + WALK_MS} where tenant_id = ${tenantId} and look_at = ${leasedUntil}`;
}

/** Temporal knows it no more: it is set again at the next look (relay role), unless somebody is about to. */
export async function noteScheduleLost(sql: Sql, tenantId: TenantId, now: number): Promise<void> {
  await sql`update report_schedules set zone = null, look_at = ${now} where tenant_id = ${tenantId} and zone is not null`;
}

/** It is paused, and its report is overdue: that one waits, and is asked after again in a while (relay role). */
export async function holdOverdueReport(sql: Sql, tenantId: TenantId, now: number): Promise<void> {
  await sql`update report_schedules set held_until = ${now + HOLD_MS} where tenant_id = ${tenantId}`;
}
