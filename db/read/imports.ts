import type { Keyring } from '../../src/config/keyring.ts';
import type { BatchId, ImportId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ImportKind } from '../../src/domain/import/columns.ts';
import { ROW_REFUSALS, unreachedBecause, type ImportReason } from '../../src/domain/import/refusals.ts';
import type { ImportState } from '../../src/domain/import/states.ts';
import type { Database, Tx } from '../client.ts';
import { openRow } from '../staged-row.ts';

/** An import and how far it is. Instants in epoch ms. */
export type ImportView = {
  id: ImportId;
  kind: ImportKind;
  state: ImportState;
  reason: ImportReason | null;
  programId: ProgramId | null;
  memberId: MemberId | null;
  columns: string[];
  total: number;
  accepted: number;
  refused: number;
  batchIds: BatchId[];
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
};

/** A row that was not taken: why, and its cells as they stood in the file. */
export type RefusedRow = { n: number; reason: string; message: string; cells: readonly string[] };

export async function readImport(tx: Tx, id: ImportId): Promise<ImportView | null> {
  const [row] = await tx.sql<ImportView[]>`${selectImports(tx)} where id = ${id}`;
  return row ?? null;
}

/** Imports, newest first, after (older than) an id. */
export async function listImports(tx: Tx, tenantId: TenantId, { after, limit }: { after: string | null; limit: number }): Promise<ImportView[]> {
  return tx.sql<ImportView[]>`${selectImports(tx)} where tenant_id = ${tenantId} ${after === null ? tx.sql`` : tx.sql`and id < ${after}`} order by id desc limit ${limit}`;
}

function selectImports(tx: Tx) {
  return tx.sql`
    select id, kind, state, reason, program_id as "programId", member_id as "memberId", columns, rows_total as total, rows_accepted as accepted,
           rows_refused as refused, batch_ids as "batchIds", created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"
    from imports`;
}

/**
 * Rows of an import that were not taken, in the order of the file, after a row's number. Of one that was canceled or failed those it never
 * reached are among them. Empty once their week is over.
 */
export async function readRefusedRows(tx: Tx, keyring: Keyring, { tenantId, id, after, limit }: { tenantId: TenantId; id: ImportId; after: number; limit: number }): Promise<RefusedRow[]> {
  const rows = await tx.sql<{ n: number; state: ImportState; reason: string | null; message: string | null; sealed: Uint8Array }[]>`
    select r.n, i.state, r.reason, r.message, r.row_sealed as sealed from import_rows r join imports i on i.id = r.import_id
    where r.import_id = ${id} and r.n > ${after} and (r.reason is not null or i.state in ('canceled', 'failed')) order by r.n limit ${limit}`;
  return rows.map(({ n, state, reason, message, sealed }) => {
    const unreached = unreachedBecause(state);
    const { cells } = openRow(keyring, tenantId, sealed);
    return { n, cells, reason: reason ?? unreached ?? '', message: message ?? (unreached === null ? '' : ROW_REFUSALS[unreached]) };
  });
}

/** Imports (of all tenants, relay role) that nobody has moved since `since`: the run of one that was started may be lost. */
export async function stillImports(db: Database, since: number): Promise<{ tenantId: TenantId; importId: ImportId }[]> {
  const rows = await db.sql<{ tenantId: TenantId; importId: ImportId }[]>`
    select tenant_id as "tenantId", id as "importId" from imports where finished_at is null and state <> 'receiving' and moved_at < ${since} order by moved_at limit 100`;
  return [...rows];
}
