import type { TenantId } from '../../../src/domain/ids.ts';
import { addDays, mondayOf, weekBefore, WEEK_DAYS, type IsoWeek } from '../../../src/domain/report/iso-week.ts';
import { REPORT_EXPIRES_MS } from '../../../src/domain/report/report-mail-state.ts';
import { composeReport, type WeeklyReport } from '../../../src/domain/report/report.ts';
import { runningWeek, weekSpan } from '../../../src/domain/report/week-times.ts';
import type { Tx } from '../../client.ts';
import { readDailyFigures, readDailyReferrers } from '../../read/report-figures.ts';
import { readReport } from '../../read/reports.ts';
import { lockRollUp, rollUp, rollUpParts, type RollUpPart } from './roll-up.ts';

/** Weeks before the running one that are still counted anew; older ones stand as they were counted: a tenant's clicks may be kept for no more than a month. */
export const COUNTED_WEEKS = 4;

export type MadeReport =
  /** `mailed`: it was put out, now or before, and stays so. `mails`: how many were put out now. */
  | { readonly outcome: 'made' | 'stands'; readonly report: WeeklyReport; readonly mailedAt: number | null; readonly mails: number }
  | { readonly outcome: 'not_begun' | 'too_long_ago' };

/** What is to be counted for a report of a week before it is made; none where it stands or there is none. */
export async function partsToCount(tx: Tx, { tenantId, week, now }: { tenantId: TenantId; week: IsoWeek; now: number }): Promise<readonly RollUpPart[]> {
  const kept = await readReport(tx, tenantId, week);
  if (kept !== null && kept.mailedAt !== null) return [];
  const zone = await zoneOf(tx, tenantId);
  const running = runningWeek(now, zone);
  const oldest = oldestCounted(running);
  return week > running || week < oldest ? [] : rollUpParts({ weeks: countedFor(week, oldest), zone, now });
}

function countedFor(week: IsoWeek, oldest: IsoWeek): IsoWeek[] {
  return [weekBefore(week), week].filter((each) => each >= oldest);
}

/**
 * Makes a tenant's report of a week from daily figures, which are counted anew unless the caller has just done so (`isCounted`), and keeps it. `mail`: puts out one mail for each who opted in, too,
 * in this transaction, so that it happens once whoever asks, how often and when: from then on the report stands as it was mailed. A
 * week of the future has none; one too long ago has the one that was made then, if any.
 */
export async function makeReport(tx: Tx, { tenantId, week, now, mail, isCounted = false }: { tenantId: TenantId; week: IsoWeek; now: number; mail: boolean; isCounted?: boolean }): Promise<MadeReport> {
  await lockRollUp(tx, tenantId);
  const kept = await readReport(tx, tenantId, week);
  if (kept !== null && kept.mailedAt !== null) return { outcome: 'stands', ...kept, mails: 0 };
  const zone = await zoneOf(tx, tenantId);
  const running = runningWeek(now, zone);
  if (week > running) return { outcome: 'not_begun' };
  const oldest = oldestCounted(running);
  if (week < oldest) return kept === null ? { outcome: 'too_long_ago' } : { outcome: 'stands', ...kept, mails: 0 };

  if (!isCounted) await rollUp(tx, { tenantId, weeks: countedFor(week, oldest), zone, now });
  const days = { tenantId, firstDay: mondayOf(weekBefore(week)), lastDay: addDays(mondayOf(week), WEEK_DAYS - 1) };
  const [figures, referrers] = [await readDailyFigures(tx, days), await readDailyReferrers(tx, days)];
  const report = composeReport({ week, zone, ...weekSpan(week, zone), now, figures, referrers });
  const mailedAt = mail ? now : null;
  await tx.sql`
    insert into weekly_reports (tenant_id, week, report, made_at, mailed_at) values (${tenantId}, ${week}, ${tx.sql.json(report)}, ${now}, ${mailedAt})
    on conflict (tenant_id, week) do update set report = excluded.report, made_at = excluded.made_at, mailed_at = excluded.mailed_at`;
  return { outcome: 'made', report, mailedAt, mails: mail ? await putOutMails(tx, { tenantId, week, now }) : 0 };
}

/** The first week that is still counted while one runs. ISO weeks sort as text. */
function oldestCounted(running: IsoWeek): IsoWeek {
  let week = running;
  for (let back = 0; back < COUNTED_WEEKS; back += 1) week = weekBefore(week);
  return week;
}

async function putOutMails(tx: Tx, { tenantId, week, now }: { tenantId: TenantId; week: IsoWeek; now: number }): Promise<number> {
  const rows = await tx.sql`
    insert into report_mails (tenant_id, recipient_id, about, state, due_at, expires_at, queued_at)
    select ${tenantId}, id, ${week}, 'waiting', ${now}, ${now + REPORT_EXPIRES_MS}, ${now}
    from report_recipients where tenant_id = ${tenantId} and confirmed_at is not null and unsubscribed_at is null
    order by id
    on conflict do nothing
    returning recipient_id`;
  return rows.length;
}

async function zoneOf(tx: Tx, tenantId: TenantId): Promise<string> {
  const [tenant] = await tx.sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`;
  if (tenant === undefined) throw new Error(`no tenant ${tenantId}`);
  return tenant.zone;
}
