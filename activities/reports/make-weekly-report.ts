import { Context } from '@temporalio/activity';
import { reportIsMade } from '../../db/write/reports/ask-for-report.ts';
import { makeReport, partsToCount } from '../../db/write/reports/make-report.ts';
import { rollUpPart, type RollUpPart } from '../../db/write/reports/roll-up.ts';
import { asId, type TenantId } from '../../src/domain/ids.ts';
import { isIsoWeek, type IsoWeek } from '../../src/domain/report/iso-week.ts';
import type { ReportDeps } from './deps.ts';

/** `made`: on request, so that no mails went out. */
export type PutOutReport = { outcome: 'put_out' | 'put_out_before' | 'made' | 'too_long_ago' | 'not_begun'; mails: number };
/** `mails` left out: its mails are put out. */
type Asked = { tenantId: string; week: string; mails?: boolean };
type Making = { tenantId: TenantId; week: IsoWeek };

/**
 * Counts a tenant's report of a week part by part, each in a transaction of its own, then makes it and puts its mails out, once whatever asks. A worker
 * that takes over goes on where the last one was. Throws for a week that there is not.
 */
export async function makeWeeklyReport({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, input: Asked): Promise<PutOutReport> {
  const { week } = input;
  if (!isIsoWeek(week)) throw new Error(`no such week: ${week.slice(0, 20)}`);
  const making: Making = { tenantId: asId('tnt', input.tenantId), week };
  const mail = input.mails !== false;
  await countParts({ db, clock }, making);
  const made = await db.asTenant(making.tenantId, async (tx) => {
    await reportIsMade(tx, making);
    return makeReport(tx, { ...making, now: clock.now(), mail, isCounted: true });
  });
  switch (made.outcome) {
    case 'made': return { outcome: mail ? 'put_out' : 'made', mails: made.mails };
    case 'stands': return { outcome: made.mailedAt === null ? 'made' : 'put_out_before', mails: 0 };
    case 'too_long_ago':
    case 'not_begun': return { outcome: made.outcome, mails: 0 };
  }
}

/** After each part a sign of life says how many are done, of which days. */
async function countParts({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, { tenantId, week }: Making): Promise<void> {
  const context = Context.current();
  const parts = await db.asTenant(tenantId, (tx) => partsToCount(tx, { tenantId, week, now: clock.now() }));
  const of = parts.length;
  const span = spanOf(parts);
  let done = partsDone(context.info.heartbeatDetails, of, span);
  for (const part of parts.slice(done)) {
    if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
    await db.asTenant(tenantId, (tx) => rollUpPart(tx, { tenantId, part }));
    done += 1;
    context.heartbeat({ done, of, span });
  }
}

/** From the first instant of the days to the last: days of another zone begin at another. */
function spanOf(parts: readonly RollUpPart[]): string {
  const days = parts.flatMap((part) => part.days);
  return days.length === 0 ? '' : `${String(Math.min(...days.map(({ startsAt }) => startsAt)))}-${String(Math.max(...days.map(({ endsAt }) => endsAt)))}`;
}

/** Of the try before; where its days were others, since one has begun or the zone was changed, from the beginning. */
function partsDone(details: unknown, parts: number, span: string): number {
  if (typeof details !== 'object' || details === null || !('done' in details) || !('of' in details) || !('span' in details)) return 0;
  return details.of === parts && details.span === span && typeof details.done === 'number' ? details.done : 0;
}
