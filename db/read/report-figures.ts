import type { TenantId } from '../../src/domain/ids.ts';
import type { DailyFigure, DailyReferrer } from '../../src/domain/report/daily-figures.ts';
import type { Tx } from '../client.ts';

type Days = { readonly tenantId: TenantId; readonly firstDay: string; readonly lastDay: string };

/** What was counted of these days (both included), with each program's loop. */
export async function readDailyFigures({ sql }: Tx, { tenantId, firstDay, lastDay }: Days): Promise<readonly DailyFigure[]> {
  return sql<DailyFigure[]>`
    select f.day, f.program_id as "programId", p.loop, f.figure, f.unit, f.count::float8 as count, f.amount_minor::float8 as "amountMinor"
    from daily_figures f left join programs p on p.id = f.program_id
    where f.tenant_id = ${tenantId} and f.day between ${firstDay}::date and ${lastDay}::date
    order by f.day, f.program_id nulls last, f.figure, f.unit`;
}

export async function readDailyReferrers({ sql }: Tx, { tenantId, firstDay, lastDay }: Days): Promise<readonly DailyReferrer[]> {
  return sql<DailyReferrer[]>`
    select r.day, m.external_id as "externalId", r.sign_ups as "signUps", r.first_values as "firstValues"
    from daily_referrers r join members m on m.id = r.member_id
    where r.tenant_id = ${tenantId} and r.day between ${firstDay}::date and ${lastDay}::date`;
}
