import { readReportSender } from '../../db/read/reports.ts';
import { asId } from '../../src/domain/ids.ts';
import type { IsoWeek } from '../../src/domain/report/iso-week.ts';
import { scheduledWeek } from '../../src/domain/report/week-times.ts';
import type { ReportDeps } from './deps.ts';

/** Which week a tenant's Monday is about that its Schedule has fired: late or by hand it is still the latest that is due in its zone. */
export async function findReportWeek({ db, clock }: Pick<ReportDeps, 'db' | 'clock'>, input: { tenantId: string }): Promise<{ week: IsoWeek }> {
  const tenantId = asId('tnt', input.tenantId);
  const { zone } = await db.asTenant(tenantId, (tx) => readReportSender(tx, tenantId));
  return { week: scheduledWeek(clock.now(), zone) };
}
