import { purgeExpired } from '../../db/write/purge-expired.ts';
import { NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { failedRows, runImport, upload } from '../support/imports.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
beforeEach(() => { api.clock.set(NOON); });
afterEach(async () => { await api.database.superuser`delete from imports`; });
afterAll(() => api.close());

const stored = async (): Promise<unknown> => (await api.database.superuser`select (select count(*)::int from imports) as imports, (select count(*)::int from import_rows) as rows, (select count(*)::int from outbox where kind = 'start_import') as starts`)[0];
const NOTHING = { imports: 0, rows: 0, starts: 0 };
beforeEach(async () => { await api.database.superuser`delete from outbox`; });

const members = (count: number, name = 'm'): string => `externalId,name\n${Array.from({ length: count }, (_none, i) => `${name}${String(i)},Name ${String(i)}`).join('\n')}\n`;

describe('a file that cannot be taken as a whole is refused with what to do, and nothing of it is stored', () => {
  test.each<[string, string | Uint8Array, number, string, RegExp]>([
    ['nothing at all', '', 400, 'malformed_csv', /is empty/],
    ['a header alone', 'externalId\n', 400, 'malformed_csv', /no row below the first/],
    ['a header and blank lines', 'externalId,name\n,\n\n , \n', 400, 'malformed_csv', /no row below the first/],
    ['a byte order mark alone', '\uFEFF', 400, 'malformed_csv', /no row|is empty/],
    ['Latin-1', Buffer.from('externalId,name\nu1,Jos\xe9\n', 'latin1'), 400, 'malformed_csv', /no UTF-8/],
    ['UTF-16', Buffer.from('\uFEFFexternalId\nu1\n', 'utf16le'), 400, 'malformed_csv', /no UTF-8/],
    ['a character cut off at the end', Buffer.concat([Buffer.from('externalId\nu1'), Buffer.of(0xc3)]), 400, 'malformed_csv', /no UTF-8/],
    ['a quote that is never closed', 'externalId,name\nu1,x\nu2,"open\n', 400, 'malformed_csv', /begins in row 3 is never closed/],
    ['a quote in the middle', 'externalId,name\nu1,5" disk\n', 400, 'malformed_csv', /In row 2 a double quote/],
    ['text behind a quote', 'externalId,name\nu1,"a"b\n', 400, 'malformed_csv', /In row 2 a double quote/],
    ['a row that is too long', `externalId,name\nu1,${'x'.repeat(70_000)}\n`, 413, 'file_too_large', /longer than 65536 characters/],
    ['a row of commas without end', Buffer.concat([Buffer.from('externalId,name\n'), Buffer.alloc(2_000_000, ',')]), 413, 'file_too_large', /longer than 65536 characters/],
  ])('%s', async (_what, file, status, code, detail) => {
    const reply = await upload(api, tenant, 'kind=members', file);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.body['detail']).toMatch(detail);
    expect(await stored()).toEqual(NOTHING);
  });

  test('100,001 rows', async () => {
    const reply = await upload(api, tenant, 'kind=members', members(100_001));
    expect([reply.status, reply.body['code']]).toEqual([413, 'file_too_large']);
    expect(reply.body['detail']).toContain('more than 100,000 rows');
    expect(await stored()).toEqual(NOTHING);
  }, 120_000);
});

test.each([
  ['an unknown column', 'externalId,nickname,<b>\n', [{ path: '/nickname', message: 'There is no such column.' }, { path: '/<b>', message: 'There is no such column.' }]],
  ['a column twice', 'externalId,name,name\n', [{ path: '/name', message: 'The column stands here twice.' }]],
  ['a column twice, under two names', 'externalId,email,contact.email\n', [{ path: '/contact.email', message: 'The column stands here twice: it is the same as email.' }]],
  ['no column that says who', 'email,name\n', [{ path: '/', message: 'There is no column externalId: the first row names the columns.' }]],
  ['a column without a name', 'externalId,\n', [{ path: '/', message: 'A column has no name.' }]],
  ['semicolons', 'externalId;name\n', [{ path: '/', message: 'Columns are separated by commas; these seem to be separated by semicolons.' }]],
  ['tabs', 'externalId\tname\n', [{ path: '/', message: 'Columns are separated by commas; these seem to be separated by tabs.' }]],
  ['an attribute named __proto__', 'externalId,attributes.__proto__\n', [{ path: '/attributes.__proto__', message: 'There is no such column.' }]],
  ['NUL in the name of an attribute', 'externalId,attributes.a\0\n', [{ path: '/attributes.a\0', message: 'There is no such column.' }]],
  ['101 columns', `externalId${',x'.repeat(100)}\n`, [{ path: '/', message: 'There are more than 100 columns.' }]],
])('a header with %s is refused, naming it', async (_what, header, errors) => {
  const reply = await upload(api, tenant, 'kind=members', `${header}u1,x,y\n`);
  expect([reply.status, reply.body['code'], reply.body['errors']]).toEqual([400, 'invalid_request', errors]);
  expect(await stored()).toEqual(NOTHING);
});

test.each<[string, string, Record<string, string>, number, string]>([
  ['no kind', '', {}, 400, 'invalid_request'],
  ['another kind', 'kind=events', {}, 400, 'invalid_request'],
  ['invitees of no program', 'kind=invitees', {}, 400, 'invalid_request'],
  ['invitees of an unknown program', 'kind=invitees&programId=prg_01kx7m3p9q2r4s5t6v7w8x9y0z', {}, 400, 'invalid_request'],
  ['invitees of what is no program', 'kind=invitees&programId=x', {}, 400, 'invalid_request'],
  ['members of a program', 'kind=members&programId=prg_01kx7m3p9q2r4s5t6v7w8x9y0z', {}, 400, 'invalid_request'],
  ['an unknown parameter', 'kind=members&dry=1', {}, 400, 'invalid_request'],
  ['NUL in the address', 'kind=invitees&programId=a&inviterExternalId=%00', {}, 400, 'invalid_request'],
  ['JSON', 'kind=members', { 'content-type': 'application/json' }, 415, 'csv_expected'],
  ['another charset', 'kind=members', { 'content-type': 'text/csv; charset=iso-8859-1' }, 415, 'csv_expected'],
  ['a packed file', 'kind=members', { 'content-encoding': 'gzip' }, 415, 'csv_expected'],
])('a request for %s is refused before its file is read', async (_what, query, headers, status, code) => {
  const reply = await upload(api, tenant, query, members(3), { headers });
  expect([reply.status, reply.body['code']]).toEqual([status, code]);
  expect(await stored()).toEqual(NOTHING);
});

test('a byte order mark, CRLF, spaces around cells, blank lines, quotes and a charset are all taken', async () => {
  const file = '\uFEFF"externalId", name \r\n\r\n" u1 ",  Ana\r\n,\r\nu2,"B ""q"""';
  const { body, status } = await upload(api, tenant, 'kind=members', file, { headers: { 'content-type': 'Text/CSV; charset="UTF-8"; header=present' } });
  expect([status, body['rows']]).toEqual([202, { total: 2, accepted: 0, refused: 0, left: 2 }]);
  await runImport(api, tenant, textIn(body, 'id'));
  expect((await api.send(tenant, 'GET', '/v1/members/u1')).body['name']).toBe('Ana');
});

test('the same key with the same file gets the same answer; with another file or question it is a mistake', async () => {
  const first = await upload(api, tenant, 'kind=members', members(3), { key: 'once' });
  const again = await upload(api, tenant, 'kind=members', members(3), { key: 'once' });
  expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([202, first.text, 'true']);
  expect(await upload(api, tenant, 'kind=members', members(4), { key: 'once' })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await upload(api, tenant, 'kind=members', 'externalId,name\r\nm0,Name 0\r\n', { key: 'once' })).toMatchObject({ status: 422 });
  expect(await stored()).toEqual({ imports: 1, rows: 3, starts: 1 });
  // What was wrong with the file keeps no key.
  expect((await upload(api, tenant, 'kind=members', 'nonsense\n', { key: 'twice' })).status).toBe(400);
  expect((await upload(api, tenant, 'kind=members', members(1), { key: 'twice' })).status).toBe(202);
});

test('of ten that come at once with one key, one is taken', async () => {
  const replies = await Promise.all(Array.from({ length: 8 }, () => upload(api, tenant, 'kind=members', members(40, 'same'), { key: 'race' })));
  const taken = replies.filter(({ status, headers }) => status === 202 && headers.get('idempotent-replayed') === null);
  expect(taken).toHaveLength(1);
  expect(replies.filter(({ status }) => status !== 202).every(({ body }) => body['code'] === 'request_in_progress')).toBe(true);
  expect(await stored()).toEqual({ imports: 1, rows: 40, starts: 1 });
});

test('rows are paid for by their number; a tenant who owes is refused, and nothing is stored', async () => {
  const poor = await api.makeTenant({ tier: 'free', name: 'Poor' });
  expect((await upload(api, poor, 'kind=members', members(2_500))).status).toBe(202);
  await api.database.superuser`delete from imports`;
  await api.database.superuser`delete from outbox`;
  const refused = await upload(api, poor, 'kind=members', members(10));
  expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', expect.stringMatching(/^\d+$/)]);
  expect(refused.body['detail']).toContain('`rows` (10000 in 3600 s)');
  expect(await stored()).toEqual(NOTHING);
  api.clock.advance(400_000);
  const large = await upload(api, poor, 'kind=members', members(1_900), { key: 'later' });
  expect([large.status, await stored()]).toEqual([429, NOTHING]);
  api.clock.advance(900_000);
  expect((await upload(api, poor, 'kind=members', members(1_900), { key: 'later' })).status).toBe(202);
  expect((await upload(api, poor, 'kind=members', members(1_900), { key: 'later' })).headers.get('idempotent-replayed')).toBe('true');
}, 60_000);

test('what a process that died had received goes within hours, and refused rows a week after the end', async () => {
  const id = textIn((await upload(api, tenant, 'kind=members', 'externalId,zone\nu1,Nowhere\nu2,UTC\n')).body, 'id');
  await api.database.superuser`
    insert into imports (id, tenant_id, kind, state, columns, actor, created_at, moved_at) values ('imp_dead', ${tenant.tenantId}, 'members', 'receiving', '{}', 'x', ${NOON}, ${NOON})`;
  await api.database.superuser`insert into import_rows (import_id, n, tenant_id, row_sealed) values ('imp_dead', 2, ${tenant.tenantId}, '\\x00')`;
  await runImport(api, tenant, id);
  await purgeExpired(api.database.relay, NOON + 3_599_999);
  expect(await stored()).toMatchObject({ imports: 2, rows: 2 });
  await purgeExpired(api.database.relay, NOON + 3_600_000);
  expect(await stored()).toMatchObject({ imports: 1, rows: 1 });
  api.clock.set(NOON + 7 * 24 * 3_600_000 - 1);
  await purgeExpired(api.database.relay, api.clock.now());
  expect((await failedRows(api, tenant, id)).rows).toHaveLength(1);
  api.clock.advance(1);
  await purgeExpired(api.database.relay, api.clock.now());
  expect(await stored()).toMatchObject({ imports: 1, rows: 0 });
  expect(await api.send(tenant, 'GET', `/v1/imports/${id}/failed-rows`)).toMatchObject({ status: 404, body: { code: 'not_found', detail: expect.stringContaining('7 days') } });
  expect((await api.send(tenant, 'GET', `/v1/imports/${id}`)).body).toMatchObject({ state: 'completed', rows: { total: 2, accepted: 1, refused: 1 } });
});

test('addresses and names wait sealed', async () => {
  await upload(api, tenant, 'kind=members', 'externalId,email,name,zone\nu1,sealed@canary.example,Canary,UTC\nu2,sealed@canary.example,Canary,Nowhere\n');
  const [row] = await api.database.superuser<{ text: string }[]>`select string_agg(i::text || r::text || encode(r.row_sealed, 'escape'), '') as text from imports i join import_rows r on r.import_id = i.id`;
  expect(row?.text).toContain('unknown_zone');
  expect(row?.text).not.toMatch(/canary/i);
  expect(JSON.stringify(api.logged)).not.toMatch(/canary/i);
});

test('refused rows come in the order of the file, however many, and HEAD has none', async () => {
  const count = 1_300;
  const id = textIn((await upload(api, tenant, 'kind=members', `externalId,zone\n${Array.from({ length: count }, (_none, i) => `u${String(i)},Nowhere`).join('\n')}\n`)).body, 'id');
  const { rows } = await failedRows(api, tenant, id);
  expect(rows.map((row) => row['import.row'])).toEqual(Array.from({ length: count }, (_none, i) => String(i + 2)));
  const head = await api.send(tenant, 'HEAD', `/v1/imports/${id}/failed-rows`);
  expect([head.status, head.text, head.headers.get('content-type'), head.headers.get('content-disposition')]).toEqual([200, '', 'text/csv; charset=utf-8', `attachment; filename="${id}-refused-rows.csv"`]);
});
