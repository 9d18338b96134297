import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { listIn, textIn } from '../support/api.ts';
import type { Reply } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { changedSince, storedIn } from './support/stored.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/* Files, where a route takes one: what is no such file, and a file whose every cell is hostile. */
const STRINGS = z.array(z.string()).parse(JSON.parse(readFileSync(join(__dirname, 'fixtures/blns.json'), 'utf8')));
const api = useTestApi();
const tenant = useTenant(api);
let programId: string;

beforeAll(async () => {
  programId = await makeProgram(api, tenant);
});

const CSV = { 'content-type': 'text/csv' };
const upload = (raw: string | Uint8Array, headers: Record<string, string> = CSV, query = 'kind=members'): Promise<Reply> => api.send(tenant, 'POST', `/v1/imports?${query}`, undefined, { raw, headers });
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const ROW = 'externalId\nana\n';

test.each<[string, string | Uint8Array, Record<string, string>, number]>([
  ['JSON', '{"members":[]}', { 'content-type': 'application/json' }, 415],
  ['a file without a type', ROW, { 'content-type': 'application/octet-stream' }, 415],
  ['a form', 'file=a', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
  ['UTF-16', Buffer.from(ROW, 'utf16le'), { 'content-type': 'text/csv; charset=utf-16' }, 415],
  ['gzip', gzipSync(ROW), { ...CSV, 'content-encoding': 'gzip' }, 415],
  ['nothing', '', CSV, 400],
  ['a byte order mark', '\ufeff', CSV, 400],
  ['a header alone', 'externalId\n', CSV, 400],
  ['Latin-1', Uint8Array.of(...Buffer.from('externalId,name\nana,'), 0xe9, 0x0a), CSV, 400],
  ['UTF-16 under another name', Buffer.from(ROW, 'utf16le'), CSV, 400],
  ['a quote that never ends', 'externalId\n"mark<b>', CSV, 400],
  ['a quote in the middle', 'externalId\na"b"c\n', CSV, 400],
  ['NUL in the header', 'externalId\0\nana\n', CSV, 400],
  ['a column twice', 'externalId,name,name\nana,a,b\n', CSV, 400],
  ['a column of nobody', 'externalId,isAdmin\nana,mark\n', CSV, 400],
  ['a column __proto__', 'externalId,__proto__\nana,x\n', CSV, 400],
  ['an attribute __proto__', 'externalId,attributes.__proto__\nana,x\n', CSV, 400],
  ['10,000 columns', `externalId,${Array.from({ length: 10_000 }, (_, n) => `attributes.a${String(n)}`).join(',')}\nana\n`, CSV, 413],
  ['a cell of two megabytes', `externalId,name\nana,${'x'.repeat(2_000_000)}\n`, CSV, 413],
  ['a line of two megabytes, without an end', 'x'.repeat(2_000_000), CSV, 413],
])('%s is refused as a whole, in one form, and nothing is stored', async (_what, raw, headers, status) => {
  const before = await storedIn(api.database.superuser);
  const reply = await upload(raw, headers);
  expect({ status: reply.status, type: reply.headers.get('content-type') }).toEqual({ status, type: 'application/problem+json' });
  expect(reply.text).not.toMatch(/mark|x{100}|\bat .*\.ts|node:/);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

test.each([['no kind', ''], ['another kind', 'kind=tenants'], ['a kind twice', 'kind=members&kind=members'], ['no program', 'kind=invitees'], ['a program that is a path', 'kind=invitees&programId=../x'], ['NUL', 'kind=members%00']])('%s in the address: refused before the file is read', async (_what, query) => {
  const before = await storedIn(api.database.superuser);
  const reply = await upload(ROW, CSV, query);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([expect.any(Number), 'application/problem+json']);
  expect([400, 404]).toContain(reply.status);
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

test.each([
  ['members', ['externalId', 'email', 'phone', 'name', 'locale', 'zone', 'quietHours', 'place', 'attributes.plan']],
  ['invitees', ['email', 'phone', 'name', 'locale', 'zone', 'country', 'region', 'relationship', 'consent']],
])('every naughty string in every column of %s is taken or refused by itself, and what was refused can be fetched', async (kind, columns) => {
  const right: Record<string, string> = { externalId: 'row', email: 'row@x.example', consent: 'opt_in' };
  const rows = STRINGS.flatMap((text, n) => columns.filter((_column, place) => (place + n) % 3 === 0).map((bad) =>
    columns.map((column) => quoted(column === bad ? text : (right[column] ?? '').replace('row', `row${String(n)}${bad}`))).join(',')));
  const reply = await upload([columns.join(','), ...rows].join('\r\n'), CSV, kind === 'members' ? 'kind=members' : `kind=invitees&programId=${programId}`);
  expect([reply.status, reply.body]).toEqual([202, expect.objectContaining({ state: 'queued' })]);
  const counts = z.object({ total: z.number(), refused: z.number() }).parse(reply.body['rows']);
  expect([counts.total, counts.refused > 100, counts.refused < counts.total]).toEqual([rows.length, true, true]);
  const failed = await api.send(tenant, 'GET', `/v1/imports/${textIn(reply.body, 'id')}/failed-rows`);
  expect([failed.status, failed.headers.get('content-type')?.startsWith('text/csv')]).toEqual([200, true]);
  // A spreadsheet would run a cell that begins like a formula.
  expect(failed.text.split(/\r\n/).filter((line) => /(?:^|,)"?[=+@]/.test(line.slice(0, 3)))).toEqual([]);
  expect(listIn((await api.send(tenant, 'GET', '/v1/imports')).body, 'data').length).toBeGreaterThan(0);
});
