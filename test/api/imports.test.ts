import { NOON, openTestApi, listIn, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { failedRows, importAll, runImport, upload } from '../support/imports.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
beforeEach(() => { api.clock.set(NOON); });
afterAll(() => api.close());

const member = async (externalId: string) => (await api.send(tenant, 'GET', `/v1/members/${externalId}`)).body;
const rowsLeft = async (): Promise<number> => (await api.database.superuser`select 1 from import_rows`).length;

test('a file of members becomes members, every field as JSON would have it', async () => {
  const file = [
    'externalId,email,phone,name,locale,zone,zoneSource,quietHours,birthYear,isMinor,eventDates,place,attributes.plan,attributes.seats',
    'u1,ana@kite.example,+4915112345678,"Ana ""the kite"", Silva",pt-br,America/Sao_Paulo,device,22:00-08:00 13:00-14:00,1990,FALSE,2026-07-04 2026-07-05,us-fl,pro,012',
    'u2,,,"Two',
    'lines",,,,,,,,,,',
  ].join('\r\n');
  const { body, status } = await upload(api, tenant, 'kind=members', file);
  expect([status, body]).toMatchObject([202, { state: 'queued', kind: 'members', rows: { total: 2, accepted: 0, refused: 0, left: 2 }, programId: null, startedAt: null, finishedAt: null, reason: null }]);
  const id = textIn(body, 'id');
  expect(await runImport(api, tenant, id)).toEqual({ outcome: 'completed', total: 2, accepted: 2, refused: 0, reason: null });
  expect(await member('u1')).toMatchObject({
    contact: { email: 'ana@kite.example', phone: '+4915112345678' }, name: 'Ana "the kite", Silva', locale: 'pt-BR', zone: 'America/Sao_Paulo', zoneSource: 'device', birthYear: 1990, isMinor: false,
    quietHours: [{ start: '22:00', end: '08:00' }, { start: '13:00', end: '14:00' }], eventDates: ['2026-07-04', '2026-07-05'], place: 'US-FL', attributes: { plan: 'pro', seats: '012' },
  });
  expect((await member('u2'))['name']).toBe('Two\r\nlines');
  expect((await api.send(tenant, 'GET', `/v1/imports/${id}`)).body).toMatchObject({
    state: 'completed', rows: { total: 2, accepted: 2, refused: 0, left: 0 }, startedAt: '2026-06-10T12:00:00.000Z', finishedAt: '2026-06-10T12:00:00.000Z', refusedRowsUntil: '2026-06-17T12:00:00.000Z',
  });
  expect(await rowsLeft()).toBe(0);
});

test('an empty cell says nothing: what is known stays', async () => {
  await api.send(tenant, 'PUT', '/v1/members/kept', { name: 'Kept', zone: 'Europe/Paris', attributes: { plan: 'pro' } });
  await importAll(api, tenant, 'kind=members', 'externalId,name,zone,attributes.plan\nkept,,Europe/Berlin,\n');
  expect(await member('kept')).toMatchObject({ name: 'Kept', zone: 'Europe/Berlin', attributes: { plan: 'pro' } });
});

test('a bad row spoils no other: each is told by number, reason and sentence, with the row as it came', async () => {
  const file = ['externalId,zone,email,birthYear', 'good,Europe/Paris,,', 'zone,Atlantis/Capital,,', ' ,,,', ',,a@b.example,', 'mail,,nonsense,', 'year,,,MCMXC', 'short,Europe/Paris', 'long,,,,,', 'nul,,\0,', 'last,,,1990'].join('\n');
  const done = await importAll(api, tenant, 'kind=members', file);
  expect(done).toMatchObject({ state: 'completed', rows: { total: 9, accepted: 2, refused: 7, left: 0 } });
  const { rows } = await failedRows(api, tenant, textIn(done, 'id'));
  expect(rows.map((row) => [row['import.row'], row['import.reason'], row['externalId']])).toEqual([
    ['3', 'unknown_zone', 'zone'], ['5', 'invalid_row', ''], ['6', 'invalid_address', 'mail'], ['7', 'invalid_row', 'year'], ['8', 'wrong_cell_count', 'short'], ['9', 'wrong_cell_count', 'long'], ['10', 'invalid_characters', 'nul'],
  ].map(([n, reason, id]) => [n, reason, id]));
  expect(rows[0]?.['import.message']).toBe('zone: This is no IANA time zone such as Europe/Paris.');
  expect(rows[3]?.['import.message']).toMatch(/^birthYear: /);
  expect((await api.send(tenant, 'GET', '/v1/members/zone')).status).toBe(404);
});

test('invitees are decided as by POST /v1/invites; what the rules refuse is among the failed rows with the public reason', async () => {
  const programId = await makeProgram(api, tenant);
  await api.send(tenant, 'PUT', '/v1/members/inviter', { contact: { email: 'me@kite.example' } });
  await api.send(tenant, 'POST', '/v1/suppressions', { email: 'never@x.example' });
  await api.send(tenant, 'PUT', '/v1/members/known', { contact: { email: 'known@x.example' } });
  const file = ['email,name,zone,relationship,consent', 'sam@x.example,Sam,Europe/Paris,friend,opt_in', 'never@x.example,,Europe/Paris,,opt_in', 'known@x.example,,Europe/Paris,,opt_in', 'sam@x.example,,Europe/Paris,,opt_in',
    'me+1@kite.example,,Europe/Paris,,opt_in', 'kim@x.example,,Europe/Paris,,', 'bob,,Europe/Paris,,opt_in', 'zoe@x.example,,Nowhere,,opt_in'].join('\n');
  const done = await importAll(api, tenant, `kind=invitees&programId=${programId}&inviterExternalId=inviter`, file);
  expect(done).toMatchObject({ state: 'completed', programId, memberId: expect.stringMatching(/^mbr_/), rows: { total: 8, accepted: 1, refused: 7, left: 0 }, batchIds: [expect.stringMatching(/^bat_/)] });
  const { rows } = await failedRows(api, tenant, textIn(done, 'id'));
  expect(rows.map((row) => [row['import.row'], row['import.reason'], row['email']])).toEqual([
    ['3', 'suppressed', 'never@x.example'], ['4', 'member_already', 'known@x.example'], ['5', 'duplicate_in_cooling_period', 'sam@x.example'], ['6', 'self_invite', 'me+1@kite.example'],
    ['7', 'no_consent', 'kim@x.example'], ['8', 'invalid_address', 'bob'], ['9', 'invalid_invitee', 'zoe@x.example'],
  ]);
  const [batchId = ''] = Array.isArray(done['batchIds']) ? done['batchIds'].map(String) : [];
  expect((await api.send(tenant, 'GET', `/v1/invite-batches/${batchId}`)).body).toMatchObject({ counts: { waiting: 1 }, programId });
  expect(await rowsLeft()).toBeGreaterThanOrEqual(7);
});

test('more rows than a batch holds are taken in several, each once', async () => {
  const programId = await makeProgram(api, tenant);
  const file = `email,zone,consent.basis\n${Array.from({ length: 2_300 }, (_none, i) => `p${String(i)}@many.example,Europe/Paris,opt_in`).join('\n')}\n`;
  const done = await importAll(api, tenant, `kind=invitees&programId=${programId}`, file);
  expect(done).toMatchObject({ state: 'completed', rows: { total: 2_300, accepted: 2_300, refused: 0 } });
  expect(done['batchIds']).toHaveLength(3);
  const [count] = await api.database.superuser<{ rows: number; people: number }[]>`
    select count(*)::int as rows, count(distinct recipient_hash)::int as people from invites where batch_id = any(${Array.isArray(done['batchIds']) ? done['batchIds'].map(String) : []}::text[])`;
  expect(count).toEqual({ rows: 2_300, people: 2_300 });
});

test('the list has the newest first, page by page', async () => {
  const other = await api.makeTenant({ name: 'Lister' });
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    ids.push(textIn((await upload(api, other, 'kind=members', `externalId\nm${String(n)}\n`)).body, 'id'));
    api.clock.advance(1_000);
  }
  const first = await api.send(other, 'GET', '/v1/imports?limit=2');
  expect(listIn(first.body, 'data').map((one) => one['id'])).toEqual([ids[2], ids[1]]);
  const second = await api.send(other, 'GET', `/v1/imports?limit=2&cursor=${textIn(first.body, 'nextCursor')}`);
  expect(listIn(second.body, 'data').map((one) => one['id'])).toEqual([ids[0]]);
});

test('a canceled import takes no more rows; what it took stays, and the rest is among the failed rows', async () => {
  const other = await api.makeTenant({ name: 'Canceler' });
  const id = textIn((await upload(api, other, 'kind=members', `externalId\n${Array.from({ length: 1_500 }, (_none, i) => `m${String(i)}`).join('\n')}`)).body, 'id');
  const draining = new AbortController();
  draining.abort();
  const { db, clock, keyring, log } = api.services;
  const { MockActivityEnvironment } = await import('@temporalio/testing');
  const { takeImportRows } = await import('../../activities/imports/take-rows.ts');
  const turn = await new MockActivityEnvironment().run(() => takeImportRows({ db, clock, keyring, log, draining: draining.signal }, { tenantId: other.tenantId, importId: id }));
  expect(turn).toMatchObject({ outcome: 'more', accepted: 1_000 });
  const canceled = await api.send(other, 'POST', `/v1/imports/${id}/cancel`);
  expect([canceled.status, canceled.body]).toMatchObject([200, { state: 'canceled', rows: { total: 1_500, accepted: 1_000, refused: 0, left: 500 } }]);
  expect(await runImport(api, other, id)).toMatchObject({ outcome: 'canceled', accepted: 1_000 });
  const { rows } = await failedRows(api, other, id);
  expect([rows.length, rows[0]]).toEqual([500, { 'import.row': '1002', 'import.reason': 'canceled', 'import.message': 'The import was canceled before this row.', externalId: 'm1000' }]);
  expect(await api.send(other, 'POST', `/v1/imports/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'too_late' } });
});

test('a paused program holds an import that has begun; resumed it goes on, and after a week it fails', async () => {
  const programId = await makeProgram(api, tenant);
  const start = async (name: string) => textIn((await upload(api, tenant, `kind=invitees&programId=${programId}`, `email,zone,consent\n${name}@held.example,Europe/Paris,opt_in\n`)).body, 'id');
  const [id, late] = [await start('one'), await start('two')];
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`);
  expect(await runImport(api, tenant, id)).toEqual({ outcome: 'held', total: 1, accepted: 0, refused: 0, reason: 'program_paused' });
  expect((await api.send(tenant, 'GET', `/v1/imports/${id}`)).body).toMatchObject({ state: 'running', reason: 'program_paused', rows: { left: 1 } });
  await api.send(tenant, 'POST', `/v1/programs/${programId}/resume`);
  expect(await runImport(api, tenant, id)).toMatchObject({ outcome: 'completed', accepted: 1, reason: null });
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`);
  api.clock.advance(7 * 24 * 3_600_000);
  expect(await runImport(api, tenant, late)).toMatchObject({ outcome: 'failed', reason: 'program_paused' });
  expect((await failedRows(api, tenant, late)).rows).toMatchObject([{ 'import.reason': 'not_reached', email: 'two@held.example' }]);
});

test('refused rows can be corrected and sent again as they were fetched; nothing in them is a formula', async () => {
  const done = await importAll(api, tenant, 'kind=members', 'externalId,phone,name,zone\n=1+1,+4915112345678,@SUM(A1),Nowhere\nb,-5,"\t=x",Nowhere\n');
  const { text, rows } = await failedRows(api, tenant, textIn(done, 'id'));
  expect(rows).toMatchObject([{ externalId: "'=1+1", phone: "'+4915112345678", name: "'@SUM(A1)" }, { externalId: 'b', phone: "'-5", name: "'\t=x" }]);
  const again = await importAll(api, tenant, 'kind=members', text.replaceAll('Nowhere', 'Europe/Paris').replace("'-5", ''));
  expect(again).toMatchObject({ rows: { total: 2, accepted: 2, refused: 0 } });
  expect(await member(encodeURIComponent('=1+1'))).toMatchObject({ contact: { phone: '+4915112345678' }, name: '@SUM(A1)', zone: 'Europe/Paris' });
});
