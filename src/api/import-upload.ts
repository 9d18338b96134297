import type { Request } from 'express';
import { discardImport, openImport, stageRows, type ImportTarget } from '../../db/write/stage-import.ts';
import { newId } from '../config/new-id.ts';
import type { ImportId } from '../domain/ids.ts';
import { readHeader, type Columns } from '../domain/import/columns.ts';
import { IMPORT_LIMITS } from '../domain/import/limits.ts';
import { isBlank } from '../domain/import/row-fields.ts';
import { askDatabase } from './ask-database.ts';
import { findUnusable } from './check-json.ts';
import { TooLate, within } from './deadline.ts';
import { fieldErrors } from './field-errors.ts';
import { importQuery, type ImportQuery } from './import-body.ts';
import { readCsv, type CsvRow, type ReadCsv } from './import-csv.ts';
import { judgeRow } from './import-row.ts';
import { findTarget } from './import-target.ts';
import type { CostlyFlow } from './limits/flow-cost.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Incoming, Received } from './route.ts';
import type { Services } from './services.ts';

/** A file that was received: what was asked, the file's print, and where its rows wait. `importId` null: the key's answer is kept already, so nothing was stored. */
export type ReceivedImport = { readonly query: ImportQuery; readonly digest: Buffer; readonly importId: ImportId | null; readonly total: number; readonly refused: number };

/** The whole file; the HTTP server gives a request a minute (listen.ts). */
const UPLOAD_TIMEOUT_MS = 45_000;
const STAGE_TIMEOUT_MS = 10_000;
/** Files that come in at once, of this process: each keeps a connection of the pool and a part of a core busy. */
const MOST_AT_ONCE = 8;
/** What is left of a refused file is read for so long: many clients listen for an answer only when they have sent all. */
const DRAIN_MS = 5_000;

const atOnce = new WeakMap<Services, number>();

/** What a row costs: invitees are counted as those of `POST /v1/invites` are, or a file would be the way around that limit. */
export function importFlow(kind: ImportQuery['kind']): CostlyFlow {
  return kind === 'invitees' ? 'invites' : 'rows';
}

/**
 * Receives a file: checks whom it is for, then its rows one by one as they come in, and stages them, sealed, some hundred in a
 * transaction. What is wrong with the file as a whole refuses it. Whatever happens then, `release` removes what was staged and not queued.
 */
export async function receiveImport(incoming: Incoming): Promise<Problem | Received<ReceivedImport>> {
  const { services, request, response } = incoming;
  const wrong = wrongBody(request) ?? (findUnusable(request.query) === null ? null : problem('invalid_request', { errors: [{ path: '', message: 'The address holds a character that cannot be used.' }] }));
  const query = importQuery.safeParse(request.query);
  const early = wrong ?? (query.success ? null : problem('invalid_request', { errors: fieldErrors(query.error, 'query') }));
  if (early !== null || !query.success) return early ?? problem('invalid_request');
  const already = atOnce.get(services) ?? 0;
  if (already >= MOST_AT_ONCE) return problem('unavailable', { detail: 'Too many files are coming in at this moment. Send it again after the seconds named in the header `Retry-After`.' });
  atOnce.set(services, already + 1);
  try {
    const received = await receive(incoming, query.data);
    if (received.kind === 'problem' && !(await isRead(request))) response.setHeader('Connection', 'close');
    return received;
  } finally {
    atOnce.set(services, (atOnce.get(services) ?? 1) - 1);
  }
}

async function receive(incoming: Incoming, query: ImportQuery): Promise<Problem | Received<ReceivedImport>> {
  const { services: { db }, caller: { tenantId } } = incoming;
  const isAnswered = await incoming.isAnswered();
  // Who owes for rows already need not send any. What these cost is charged when they have been counted.
  const early = isAnswered ? null : incoming.refuseEarly(importFlow(query.kind));
  if (early !== null) return early;
  const found = isAnswered ? null : await askDatabase(incoming.services, STAGE_TIMEOUT_MS, () => db.asTenant(tenantId, (tx) => findTarget(tx, tenantId, query)));
  if (found?.kind === 'problem') return found;
  const staging = openStaging(incoming, query, found?.target ?? null);
  let read: ReadCsv;
  try {
    read = await readInTime(incoming, staging.take);
  } catch (error) {
    await staging.discard();
    throw error;
  }
  const refusal = read.kind === 'problem' ? read : staging.findTrouble();
  if (refusal !== null || read.kind === 'problem') {
    await staging.discard();
    return refusal ?? problem('malformed_csv');
  }
  return { kind: 'body', value: { query, digest: read.digest, ...staging.result() }, release: staging.discard };
}

/** Too slow is the sender's trouble; hanging up is nobody's. */
async function readInTime({ request, signal }: Incoming, take: (rows: readonly CsvRow[]) => Promise<Problem | null>): Promise<ReadCsv> {
  const late = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
  try {
    return await readCsv(request, AbortSignal.any([signal, late]), take);
  } catch (error) {
    if (signal.aborted || request.destroyed) throw new TooLate();
    if (late.aborted) return problem('request_too_slow', { detail: `Send the whole file within ${String(UPLOAD_TIMEOUT_MS / 1000)} seconds, in several parts if it takes longer. Nothing was stored.` });
    throw error;
  }
}

/** Takes rows as they come: the first as the header, the others checked and staged. With no target rows are only read. */
function openStaging({ services: { db, keyring, clock, log }, services, caller: { tenantId, keyId } }: Incoming, { kind }: ImportQuery, target: ImportTarget | null) {
  const importId = newId('imp', clock.now());
  const counts = { total: 0, refused: 0 };
  let columns: Columns | null = null;
  let isOpen = false;
  const stage = (rows: readonly CsvRow[], of: Columns): Promise<void> => {
    const judged = rows.map((row) => judgeRow(kind, of, row, clock.now()));
    counts.refused += judged.filter(({ refusal }) => refusal !== null).length;
    return askDatabase(services, STAGE_TIMEOUT_MS, () => db.asTenant(tenantId, (tx) => stageRows(tx, keyring, { importId, tenantId, rows: judged })));
  };
  const open = async ([first]: readonly CsvRow[], wanted: ImportTarget): Promise<Problem | null> => {
    const cells = first?.cells ?? [];
    const header = readHeader(kind, cells);
    if (header.outcome === 'refused') return problem('invalid_request', { errors: header.faults.map(({ column, message }) => ({ path: `/${column}`, message })) });
    columns = header.columns;
    isOpen = true;
    await askDatabase(services, STAGE_TIMEOUT_MS, () => db.asTenant(tenantId, (tx) =>
      openImport(tx, { id: importId, tenantId, target: wanted, columns: cells.map((cell) => cell.trim()), actor: keyId, now: clock.now() })));
    return null;
  };
  return {
    async take(rows: readonly CsvRow[]): Promise<Problem | null> {
      if (target === null) return null;
      if (columns === null) return open(rows, target);
      const full = rows.filter(({ cells }) => !isBlank(cells));
      counts.total += full.length;
      if (counts.total > IMPORT_LIMITS.rows) return problem('file_too_large', { detail: `The file has more than ${IMPORT_LIMITS.rows.toLocaleString('en')} rows. Send it in several parts. Nothing was stored.` });
      if (full.length > 0) await stage(full, columns);
      return null;
    },
    findTrouble: (): Problem | null => (target !== null && counts.total === 0 ? problem('malformed_csv', { detail: 'There is no row below the first, which names the columns.' }) : null),
    result: () => ({ ...counts, importId: target === null ? null : importId }),
    /** What cannot be removed now goes with the next purge. */
    async discard(): Promise<void> {
      if (!isOpen) return;
      await db.asTenant(tenantId, (tx) => discardImport(tx, importId)).catch((error: unknown) => { log.warn({ err: error, tenantId, importId }, 'a file that was not wanted could not be removed yet'); });
    },
  };
}

function wrongBody(request: Request): Problem | null {
  const type = request.headers['content-type'] ?? '';
  if (!/^text\/csv\s*(;\s*(charset\s*=\s*"?utf-8"?|header\s*=\s*"?present"?)\s*)*$/i.test(type.trim())) return problem('csv_expected');
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return problem('csv_expected', { detail: 'Send the file as it is, not packed: without `Content-Encoding`.' });
  return Number(request.headers['content-length'] ?? 0) > IMPORT_LIMITS.bytes ? problem('file_too_large') : null;
}

/** True when the request was read to its end, what nobody wants of it included. */
async function isRead(request: Request): Promise<boolean> {
  if (request.complete || request.destroyed) return true;
  request.resume();
  return (await within(DRAIN_MS, new Promise<true>((done) => { request.once('close', () => { done(true); }).once('end', () => { done(true); }); }))) === true;
}
