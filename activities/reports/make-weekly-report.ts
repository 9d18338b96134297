import { makeReport } from '../../db/write/reports/make-report.ts';
import { asId } from '../../src/domain/ids.ts';
import { isIsoWeek } from '../../src/domain/report/iso-week.ts';
import type { ReportDeps } from './deps.ts';

export type PutOutReport = { outcome: 'put_out' | 'put_out_before' | 'too_long_ago' | 'not_begun'; mails: number };

/** Makes a tenant's report of a week and puts its mails out, once whatever asks. Throws for a week that there is not. */
export async function makeWeeklyReport({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, input: { tenantId: string; week: string }): Promise<PutOutReport> {
  const tenantId = asId('tnt', input.tenantId);
  const { week } = input;
  if (!isIsoWeek(week)) throw new Error(`no such week: ${week.slice(0, 20)}`);
  const made = await db.asTenant(tenantId, (tx) => makeReport(tx, { tenantId, week, now: clock.now(), mail: true }));
  switch (made.outcome) {
    case 'made': return { outcome: 'put_out', mails: made.mails };
    case 'stands': return { outcome: 'put_out_before', mails: 0 };
    case 'too_long_ago':
    case 'not_begun': return { outcome: made.outcome, mails: 0 };
  }
}
