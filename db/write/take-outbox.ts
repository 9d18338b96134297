import type { Database } from '../client.ts';
import type { LaneName } from '../read/late-lanes.ts';

const ROWS_A_TAKE = 500;

/**
 * Takes outbox rows (relay role): hands their lanes, each once, to `hand`, and deletes the rows if that succeeds, in one
 * transaction. Rows that another relay has are passed over. Returns whether there may be more.
 */
export async function takeOutbox(db: Database, hand: (lanes: readonly LaneName[]) => Promise<void>): Promise<boolean> {
  const result = await db.sql.begin(async (tx) => {
    const rows = await tx<(LaneName & { id: number })[]>`
      select id, tenant_id as "tenantId", lane from outbox order by id limit ${ROWS_A_TAKE} for update skip locked`;
    if (rows.length === 0) return { more: false };
    const lanes = new Map(rows.map(({ tenantId, lane }) => [`${tenantId}/${lane}`, { tenantId, lane }]));
    await hand([...lanes.values()]);
    await tx`delete from outbox where id = any(${rows.map((row) => row.id)}::bigint[])`;
    return { more: rows.length === ROWS_A_TAKE };
  });
  return result.more;
}
