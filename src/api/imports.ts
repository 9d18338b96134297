import { z } from 'zod';
import { listImports, readImport } from '../../db/read/imports.ts';
import { cancelImport } from '../../db/write/cancel-import.ts';
import { queueImport } from '../../db/write/stage-import.ts';
import { REFUSED_ROWS_KEPT_MS } from '../domain/import/limits.ts';
import { isId } from '../domain/ids.ts';
import { TooLate } from './deadline.ts';
import { idIn } from './fields.ts';
import { importBody, importIn, importOut, importQuery, ROW_REASONS } from './import-body.ts';
import { refusedRowsFile } from './import-download.ts';
import { importFlow, receiveImport } from './import-upload.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route, uploadRoute } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Imports';
const LIST = 'imports';

const create = uploadRoute({
  method: 'post',
  path: '/v1/imports',
  tag,
  summary: 'Import members or invitees from a CSV file',
  description: 'Each row is checked by itself as it comes in, as its like in JSON would be; a bad one spoils no other. When the whole file is here it is answered, and a run takes the rows in, a thousand in a transaction. '
    + 'Read its progress, and fetch the rows that were refused with their reasons. Rows of members cost `rows` of your plan, rows of invitees `invites`.',
  query: importQuery,
  body: importIn,
  upload: { mediaType: 'text/csv', timeoutMs: 58_000, problems: ['malformed_csv', 'request_too_slow', 'file_too_large', 'csv_expected'], receive: receiveImport },
  answers: { 202: importOut.meta({ description: 'The file is here and was checked; its run begins' }) },
  problems: ['invalid_request', 'program_paused'],
  asked: ({ query, digest }) => ({ ...query, sha256: digest.toString('hex') }),
  costs: ({ query, total }) => ({ flow: importFlow(query.kind), units: Math.max(1, total) }),
  async perform({ tx, tenantId, now }, { importId, total, refused }) {
    if (importId === null || !(await queueImport(tx, { importId, tenantId, total, refused, now }))) throw new TooLate();
    const view = await readImport(tx, importId);
    if (view === null) throw new Error('an import that was just queued is gone');
    return { status: 202, body: importBody(view) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/imports/{id}',
  tag,
  summary: 'Read an import with its progress',
  description: 'How many of its rows were accepted and refused so far, and what is left.',
  params: z.strictObject({ id: idIn('imp') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: importOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const found = await readImport(tx, params.id);
    return found === null ? problem('not_found') : { status: 200, body: importBody(found) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/imports',
  tag,
  summary: 'List imports, newest first',
  description: 'All of them, also those whose rows are gone.',
  params: none,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(importOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor } }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('imp', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await listImports(tx, tenantId, { after: after?.[0] ?? null, limit: limit + 1 });
    return { status: 200, body: makePage(LIST, rows, limit, { item: importBody, after: ({ id }) => [id] }) };
  },
});

const failedRows = route({
  method: 'get',
  path: '/v1/imports/{id}/failed-rows',
  tag,
  summary: 'Fetch the rows that were refused, as CSV',
  description: `Three columns before the file's own: \`import.row\` (as a spreadsheet counts), \`import.reason\`, \`import.message\`. Correct the rows and send the file as it is. A cell that a spreadsheet would take for a formula begins with an apostrophe, which is taken off again. Kept for 7 days after the end. Reasons: those of \`POST /v1/members/batch\` and \`POST /v1/invites\`, and ${ROW_REASONS}`,
  params: z.strictObject({ id: idIn('imp') }),
  query: none,
  body: none,
  keyed: false,
  download: 'text/csv',
  answers: { 200: z.unknown().meta({ type: 'string', description: 'The refused rows so far, in the order of the file' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { id }, now, services }) {
    const found = await readImport(tx, id);
    if (found === null || found.state === 'receiving') return problem('not_found');
    if (found.finishedAt !== null && found.finishedAt + REFUSED_ROWS_KEPT_MS <= now) return problem('not_found', { detail: 'The rows of this import are gone: they are kept for 7 days after its end.' });
    return { status: 200, body: refusedRowsFile(services, { tenantId, id, columns: found.columns }) };
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/imports/{id}/cancel',
  tag,
  summary: 'Cancel an import',
  description: 'What it took stays; the rows it has not reached are among the failed rows as `canceled`. One that has ended answers `too_late`. Invites that it made are canceled by their batches.',
  params: z.strictObject({ id: idIn('imp') }),
  query: none,
  body: none,
  keyed: true,
  answers: { 200: importOut },
  problems: ['not_found', 'too_late'],
  async handle({ tx, tenantId, keyId, now, params: { id } }) {
    const canceled = await cancelImport(tx, { importId: id, tenantId, actor: keyId, now });
    if (canceled === 'ended') return problem('too_late', { detail: 'The import has ended. Read it to see how.' });
    const view = canceled === null ? null : await readImport(tx, id);
    return view === null ? problem('not_found') : { status: 200, body: importBody(view) };
  },
});

export const importRoutes: readonly Route[] = [create, list, get, failedRows, cancel];
