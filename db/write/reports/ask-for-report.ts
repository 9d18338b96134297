import { makeId, type TenantId } from '../../../src/domain/ids.ts';
import type { IsoWeek } from '../../../src/domain/report/iso-week.ts';
import type { Tx } from '../../client.ts';
import type { RollUpPart } from './roll-up.ts';

/** As many facts are counted well within the time that a request has. */
const MOST_AT_ONCE = 200_000;
const DAY_MS = 86_400_000;
const NO_RANDOM = new Uint8Array(10);

/** Is it more than can be counted while somebody waits? Looks no further than it must to know. */
export async function isLargeCount({ sql }: Tx, tenantId: TenantId, parts: readonly RollUpPart[]): Promise<boolean> {
  const days = parts.flatMap((part) => part.days);
  if (days.length === 0) return false;
  const firstAt = Math.min(...days.map(({ startsAt }) => startsAt)) - DAY_MS;
  const [row] = await sql<{ facts: number }[]>`
    select ((select count(*) from (select from events where tenant_id = ${tenantId} and received_at >= ${firstAt} limit ${MOST_AT_ONCE}) e)
          + (select count(*) from (select from touches where tenant_id = ${tenantId} and id >= ${makeId('tch', Math.max(0, firstAt), NO_RANDOM)} and recorded_at >= ${firstAt} limit ${MOST_AT_ONCE}) t)
          + (select coalesce(sum(invite_count), 0) from (select invite_count from invite_batches where tenant_id = ${tenantId} and expires_at > ${firstAt} limit ${MOST_AT_ONCE}) b))::float8 as facts`;
  return (row?.facts ?? 0) >= MOST_AT_ONCE;
}

/** Has a run make it; asking again changes nothing. `too_many`: as many are asked for as may be. */
export async function askForReport({ sql }: Tx, { tenantId, week }: { tenantId: TenantId; week: IsoWeek }): Promise<'asked' | 'too_many'> {
  const rows = await sql`
    update tenants set reports_asked = case when ${week} = any(reports_asked) then reports_asked else reports_asked || ${week}::text end
    where id = ${tenantId} and (${week} = any(reports_asked) or cardinality(reports_asked) < 6) returning id`;
  return rows.length > 0 ? 'asked' : 'too_many';
}

/** It was made, or there is none to make. */
export async function reportIsMade({ sql }: Tx, { tenantId, week }: { tenantId: TenantId; week: IsoWeek }): Promise<void> {
  await sql`update tenants set reports_asked = array_remove(reports_asked, ${week}::text) where id = ${tenantId} and ${week} = any(reports_asked)`;
}
