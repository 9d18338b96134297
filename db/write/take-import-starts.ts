import type { ImportId, TenantId } from '../../src/domain/ids.ts';
import type { Database } from '../client.ts';
import { inTransaction } from '../transaction.ts';

export type ImportName = { tenantId: TenantId; importId: ImportId };

const STARTS_A_TAKE = 50;

/**
 * Takes the oldest starts of imports from the outbox (relay role): gives them to `hand`, which answers those whose run was started, and
 * deletes their rows, in one transaction. Rows that another relay has are passed over. Returns whether there may be more to take.
 */
export async function takeImportStarts(db: Database, hand: (starts: readonly ImportName[]) => Promise<readonly ImportName[]>): Promise<boolean> {
  return inTransaction(db.sql, async (tx, isLost) => {
    const rows = await tx<(ImportName & { id: number })[]>`
      select id, tenant_id as "tenantId", lane as "importId" from outbox where kind = 'start_import' order by id limit ${STARTS_A_TAKE} for update skip locked`;
    if (rows.length === 0) return false;
    const started = new Set((await hand(rows.map(({ tenantId, importId }) => ({ tenantId, importId })))).map(({ importId }) => importId));
    if (isLost()) throw new Error('the connection was lost while imports were started');
    const done = rows.filter(({ importId }) => started.has(importId)).map(({ id }) => id);
    await tx`delete from outbox where id = any(${done}::bigint[])`;
    return rows.length === STARTS_A_TAKE && done.length > 0;
  });
}
