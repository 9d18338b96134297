import type { Database } from '../client.ts';
import type { LaneName } from '../read/late-lanes.ts';
import { inTransaction } from '../transaction.ts';

const LANES_A_TAKE = 200;

/**
 * Takes the nudges in the outbox of the lanes that wait longest (relay role): gives each lane once to `hand`, which answers those
 * that were told, and deletes their rows, in one transaction. Rows that another relay has are passed over. Returns whether
 * there may be more to take.
 */
export async function takeOutbox(db: Database, hand: (lanes: readonly LaneName[]) => Promise<readonly LaneName[]>): Promise<boolean> {
  return inTransaction(db.sql, async (tx, isLost) => {
    const rows = await tx<(LaneName & { id: number })[]>`
      select o.id, o.tenant_id as "tenantId", o.lane from outbox o
      where o.kind = 'nudge' and (o.tenant_id, o.lane) in (select tenant_id, lane from outbox where kind = 'nudge' group by tenant_id, lane order by min(id) limit ${LANES_A_TAKE})
      order by o.id for update of o skip locked`;
    if (rows.length === 0) return false;
    const lanes = new Map(rows.map(({ tenantId, lane }) => [nameOf({ tenantId, lane }), { tenantId, lane }]));
    const told = new Set((await hand([...lanes.values()])).map(nameOf));
    if (isLost()) throw new Error('the connection was lost while the lanes were nudged');
    const done = rows.filter((row) => told.has(nameOf(row))).map((row) => row.id);
    await tx`delete from outbox where id = any(${done}::bigint[])`;
    return lanes.size === LANES_A_TAKE && told.size > 0;
  });
}

function nameOf({ tenantId, lane }: LaneName): string {
  return `${tenantId}/${lane}`;
}
