import type { Keyring } from '../../src/config/keyring.ts';
import type { BatchId, ImportId, MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ImportKind } from '../../src/domain/import/columns.ts';
import { REFUSED_ROWS_KEPT_MS } from '../../src/domain/import/limits.ts';
import { ROW_REFUSALS, type ImportReason } from '../../src/domain/import/refusals.ts';
import type { ImportState } from '../../src/domain/import/states.ts';
import { REFUSAL_REASONS } from '../../src/domain/invite/refusal-reasons.ts';
import type { Tx } from '../client.ts';
import { acceptInvites } from './accept-invites.ts';
import { openRow } from '../staged-row.ts';
import { upsertMembers } from './upsert-members.ts';

/** How far an import is. `held`: nothing can be taken now, later perhaps. Counts are of the whole import. */
export type ImportProgress = {
  outcome: 'more' | 'held' | 'completed' | 'failed' | 'canceled' | 'gone';
  total: number;
  accepted: number;
  refused: number;
  reason: ImportReason | null;
};

type ImportRow = {
  kind: ImportKind; state: ImportState; reason: ImportReason | null; programId: ProgramId | null; memberId: MemberId | null; actor: string; createdAt: number;
  total: number; accepted: number; refused: number; through: number;
};
type OpenedRow = { n: number; sealed: Uint8Array };
type Refusal = { n: number; reason: string; message: string };
type Taken = { outcome: 'taken'; refusals: readonly Refusal[]; batchId: BatchId | null };
type Batch = { tenantId: TenantId; importId: ImportId; now: number; most: number };

/**
 * Takes the next rows of an import, up to `most` (1,000 at most), in one transaction with its progress: whoever dies in it has
 * done nothing, and who comes after goes on behind it. Two that come at once wait for each other at the import's row.
 */
export async function runImportBatch(tx: Tx, keyring: Keyring, { tenantId, importId, now, most }: Batch): Promise<ImportProgress> {
  const found = await lockImport(tx, importId);
  if (found === null || found.state === 'receiving') return { outcome: 'gone', total: 0, accepted: 0, refused: 0, reason: null };
  const { state } = found;
  if (state !== 'queued' && state !== 'running') return progressOf(found, state);
  const rows = await tx.sql<OpenedRow[]>`
    select n, row_sealed as sealed from import_rows where import_id = ${importId} and n > ${found.through} and reason is null order by n limit ${most}`;
  const taken = rows.length === 0 ? { outcome: 'taken' as const, refusals: [], batchId: null } : await take(tx, keyring, found, { tenantId, now, rows });
  if (taken.outcome !== 'taken') return stop(tx, importId, found, taken.outcome, now);
  await settleRows(tx, importId, rows, taken.refusals);
  const isOver = rows.length < most;
  const refused = found.refused + taken.refusals.length;
  const accepted = found.accepted + rows.length - taken.refusals.length;
  await tx.sql`
    update imports set state = ${isOver ? 'completed' : 'running'}, reason = null, rows_accepted = ${accepted}, rows_refused = ${refused}, through = ${rows.at(-1)?.n ?? found.through},
      batch_ids = batch_ids || ${taken.batchId === null ? [] : [taken.batchId]}::text[], moved_at = ${now}, started_at = coalesce(started_at, ${now}), finished_at = ${isOver ? now : null}
    where id = ${importId}`;
  return progressOf({ ...found, accepted, refused, reason: null }, isOver ? 'completed' : 'more');
}

/** Leaves out the one row that stands next: it cannot be taken, whatever is tried. */
export async function refuseNextRow(tx: Tx, { importId, now }: Pick<Batch, 'importId' | 'now'>): Promise<void> {
  const found = await lockImport(tx, importId);
  if (found === null || (found.state !== 'queued' && found.state !== 'running')) return;
  const refused = await tx.sql<{ n: number }[]>`
    update import_rows set reason = 'internal_error', message = ${ROW_REFUSALS.internal_error}
    where import_id = ${importId} and n = (select min(n) from import_rows where import_id = ${importId} and n > ${found.through} and reason is null) returning n`;
  await tx.sql`update imports set rows_refused = rows_refused + ${refused.length}, through = ${refused[0]?.n ?? found.through}, moved_at = ${now} where id = ${importId}`;
}

/** Before members, programs and batches, like everybody who locks an import. */
async function lockImport(tx: Tx, importId: ImportId): Promise<ImportRow | null> {
  const [row] = await tx.sql<ImportRow[]>`
    select kind, state, reason, program_id as "programId", member_id as "memberId", actor, created_at as "createdAt",
           rows_total as total, rows_accepted as accepted, rows_refused as refused, through
    from imports where id = ${importId} for no key update`;
  return row ?? null;
}

async function take(
  tx: Tx, keyring: Keyring, { kind, programId, memberId, actor }: ImportRow, { tenantId, now, rows }: { tenantId: TenantId; now: number; rows: readonly OpenedRow[] },
): Promise<Taken | { outcome: ImportReason }> {
  const inputs = rows.map(({ sealed }) => openRow(keyring, tenantId, sealed).input);
  if (kind === 'members') {
    const changes = inputs.flatMap((input) => (input?.kind === 'members' ? [input.change] : []));
    if (changes.length < rows.length) throw new Error('a row of members holds none');
    await upsertMembers(tx, keyring, { tenantId, changes, now });
    return { outcome: 'taken', refusals: [], batchId: null };
  }
  const invitees = inputs.flatMap((input) => (input?.kind === 'invitees' ? [input.invitee] : []));
  if (invitees.length < rows.length || programId === null) throw new Error('a row of invitees holds none');
  const batch = await acceptInvites(tx, keyring, { tenantId, programId, inviter: memberId === null ? null : { memberId }, invitees, now, actor });
  // A program's loop never changes, and the file was received for one that invites.
  if (batch.outcome !== 'accepted') return { outcome: batch.outcome === 'not_inviting' ? 'unknown_program' : batch.outcome };
  const refusals = batch.decisions.flatMap((decision): Refusal[] => {
    const n = rows[decision.n]?.n;
    if (decision.outcome === 'accepted' || n === undefined) return [];
    return [{ n, reason: decision.reason, message: [REFUSAL_REASONS[decision.reason], decision.detail].filter((part) => part !== undefined).join(' ') }];
  });
  return { outcome: 'taken', refusals, batchId: batch.batchId };
}

/** What was accepted needs no copy any more; what was refused stays for its owner to fetch. */
async function settleRows(tx: Tx, importId: ImportId, rows: readonly OpenedRow[], refusals: readonly Refusal[]): Promise<void> {
  const refused = new Set(refusals.map(({ n }) => n));
  const accepted = rows.flatMap(({ n }) => (refused.has(n) ? [] : [n]));
  if (accepted.length > 0) await tx.sql`delete from import_rows where import_id = ${importId} and n = any(${accepted}::integer[])`;
  if (refusals.length === 0) return;
  await tx.sql`
    update import_rows r set reason = w.reason, message = w.message
    from unnest(${refusals.map(({ n }) => n)}::integer[], ${refusals.map(({ reason }) => reason)}::text[], ${refusals.map(({ message }) => message)}::text[]) as w (n, reason, message)
    where r.import_id = ${importId} and r.n = w.n`;
}

/** A program that is paused may be resumed, but addresses do not wait for it for ever; one that is gone stays gone. */
async function stop(tx: Tx, importId: ImportId, found: ImportRow, reason: ImportReason, now: number): Promise<ImportProgress> {
  const mayGoOn = reason === 'program_paused' && now < found.createdAt + REFUSED_ROWS_KEPT_MS;
  await tx.sql`
    update imports set state = ${mayGoOn ? 'running' : 'failed'}, reason = ${reason}, moved_at = ${now}, started_at = coalesce(started_at, ${now}), finished_at = ${mayGoOn ? null : now}
    where id = ${importId}`;
  return progressOf({ ...found, reason }, mayGoOn ? 'held' : 'failed');
}

function progressOf({ total, accepted, refused, reason }: ImportRow, outcome: ImportProgress['outcome']): ImportProgress {
  return { outcome, total, accepted, refused, reason };
}
