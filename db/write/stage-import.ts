import type { Keyring } from '../../src/config/keyring.ts';
import type { ImportId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { LANE_SIGNAL } from './lane.ts';
import { sealRow } from '../staged-row.ts';
import type { StagedRow } from '../staged-row.ts';

/** Whom the rows are for: a program's invitees have an inviter, or the tenant itself invites. */
export type ImportTarget = { kind: 'members' } | { kind: 'invitees'; programId: ProgramId; memberId: MemberId | null };
type NewImport = { id: ImportId; tenantId: TenantId; target: ImportTarget; columns: readonly string[]; actor: string; now: number };

/** `n` as a spreadsheet counts; `refusal` null where the row can be taken. */
export type RowToStage = StagedRow & { readonly n: number; readonly refusal: { reason: string; message: string } | null };

/** Opens an import that is being received. Until it is queued nothing knows of it; what never is goes within an hour or two (purge-expired.ts). */
export async function openImport(tx: Tx, { id, tenantId, target, columns, actor, now }: NewImport): Promise<void> {
  const { programId, memberId } = target.kind === 'members' ? { programId: null, memberId: null } : target;
  await tx.sql`
    insert into imports (id, tenant_id, kind, state, program_id, member_id, columns, actor, created_at, moved_at)
    values (${id}, ${tenantId}, ${target.kind}, 'receiving', ${programId}, ${memberId}, ${columns}, ${actor}, ${now}, ${now})`;
}

/** Adds rows to an import that is being received, all of them sealed. */
export async function stageRows(tx: Tx, keyring: Keyring, { importId, tenantId, rows }: { importId: ImportId; tenantId: TenantId; rows: readonly RowToStage[] }): Promise<void> {
  await tx.sql`
    insert into import_rows (import_id, n, tenant_id, reason, message, row_sealed)
    select ${importId}, r.n, ${tenantId}, r.reason, r.message, r.sealed
    from unnest(${rows.map(({ n }) => n)}::integer[], ${rows.map(({ refusal }) => refusal?.reason ?? null)}::text[], ${rows.map(({ refusal }) => refusal?.message ?? null)}::text[],
                ${bytesArray(rows.map((row) => sealRow(keyring, tenantId, row)))}::bytea[]) as r (n, reason, message, sealed)`;
}

/** The whole file is here: hands it to its run, through the outbox. False where the import is not there any more. */
export async function queueImport(tx: Tx, { importId, tenantId, total, refused, now }: { importId: ImportId; tenantId: TenantId; total: number; refused: number; now: number }): Promise<boolean> {
  const queued = await tx.sql`
    update imports set state = 'queued', rows_total = ${total}, rows_refused = ${refused}, moved_at = ${now} where id = ${importId} and state = 'receiving'`;
  if (queued.count === 0) return false;
  await tx.sql`
    with told as (insert into outbox (tenant_id, kind, lane, created_at) values (${tenantId}, 'start_import', ${importId}, ${now}))
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/imports`})`;
  return true;
}

/** Forgets a file that was not received whole, or not wanted: its rows go with it. One that is queued stays. */
export async function discardImport(tx: Tx, importId: ImportId): Promise<void> {
  await tx.sql`delete from imports where id = ${importId} and state = 'receiving'`;
}
