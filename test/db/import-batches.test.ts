import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { MockActivityEnvironment } from '@temporalio/testing';
import { takeImportRows, type ImportDeps, type ImportTurn } from '../../activities/imports/take-rows.ts';
import { isRowsFault } from '../../activities/imports/rows-fault.ts';
import { readImport, readRefusedRows, stillImports } from '../../db/read/imports.ts';
import { runImportBatch } from '../../db/write/run-import-batch.ts';
import { discardImport, openImport, queueImport, stageRows, type RowToStage } from '../../db/write/stage-import.ts';
import { takeImportStarts } from '../../db/write/take-import-starts.ts';
import { takeOutbox } from '../../db/write/take-outbox.ts';
import { newId } from '../../src/config/new-id.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { ImportId } from '../../src/domain/ids.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
const keyring = openKeyring(randomBytes(32));
const errors: unknown[] = [];
const deps = (): ImportDeps => ({
  db: database.app, keyring, draining: new AbortController().signal,
  clock: { now: () => NOON, skewMs: () => 0, close: () => {} },
  log: pino({ level: 'error' }, { write: (line: string) => { errors.push(JSON.parse(line)); } }),
});
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
});
beforeEach(async () => {
  errors.length = 0;
  await database.superuser`delete from outbox`;
  await database.superuser`delete from imports`;
});
afterAll(() => database.drop());

const rowsOf = (names: readonly string[]): RowToStage[] =>
  names.map((name, i) => ({ n: i + 2, cells: [name], input: { kind: 'members', change: { externalId: name, email: { address: `${name}@x.example`, mailbox: `${name}@x.example` } } }, refusal: null }));

async function queued(rows: readonly RowToStage[], at = NOON): Promise<ImportId> {
  const [id, { tenantId }] = [newId('imp', at), tenant];
  await database.app.asTenant(tenantId, async (tx) => {
    await openImport(tx, { id, tenantId, target: { kind: 'members' }, columns: ['externalId'], actor: 'test', now: at });
    await stageRows(tx, keyring, { importId: id, tenantId, rows });
    await queueImport(tx, { importId: id, tenantId, total: rows.length, refused: 0, now: at });
  });
  return id;
}
const batch = (importId: ImportId, most: number, fails = false) => database.app.asTenant(tenant.tenantId, async (tx) => {
  const progress = await runImportBatch(tx, keyring, { tenantId: tenant.tenantId, importId, now: NOON, most });
  if (fails) throw new Error('killed');
  return progress;
});
const turn = (importId: ImportId, changed: Partial<ImportDeps> = {}): Promise<ImportTurn> =>
  new MockActivityEnvironment().run(() => takeImportRows({ ...deps(), ...changed }, { tenantId: tenant.tenantId, importId }));
const refusedRows = (id: ImportId) => database.app.asTenant(tenant.tenantId, (tx) => readRefusedRows(tx, keyring, { tenantId: tenant.tenantId, id, after: 0, limit: 100 }));
const left = async (): Promise<number> => (await database.superuser`select 1 from import_rows`).length;

test('a batch that dies before its commit has done nothing; the next takes the same rows', async () => {
  const id = await queued(rowsOf(['a1', 'a2', 'a3']));
  await expect(batch(id, 2, true)).rejects.toThrow('killed');
  expect(await left()).toBe(3);
  expect(await batch(id, 2)).toEqual({ outcome: 'more', total: 3, accepted: 2, refused: 0, reason: null });
  expect(await left()).toBe(1);
  expect(await batch(id, 2)).toMatchObject({ outcome: 'completed', accepted: 3 });
  expect(await batch(id, 2)).toMatchObject({ outcome: 'completed', accepted: 3 });
  expect(await left()).toBe(0);
});

test('two runs at once take each row once', async () => {
  const id = await queued(rowsOf(Array.from({ length: 60 }, (_none, i) => `b${String(i)}`)));
  const work = async (): Promise<void> => { while ((await batch(id, 7)).outcome === 'more'); };
  await Promise.all([work(), work(), work()]);
  expect(await database.app.asTenant(tenant.tenantId, (tx) => readImport(tx, id))).toMatchObject({ state: 'completed', total: 60, accepted: 60, refused: 0 });
  expect(await left()).toBe(0);
});

test('a row that no try can take is left out with an ERROR, and stops none of the others', async () => {
  const rows = rowsOf(Array.from({ length: 2_100 }, (_none, i) => `c${String(i)}`));
  await database.superuser`alter table members add constraint poison check (external_id <> 'c1234')`;
  const id = await queued(rows);
  let progress = await turn(id);
  while (progress.outcome === 'more') progress = await turn(id);
  await database.superuser`alter table members drop constraint poison`;
  expect(progress).toEqual({ outcome: 'completed', total: 2_100, accepted: 2_099, refused: 1, reason: null });
  expect(await refusedRows(id)).toEqual([{ n: 1_236, cells: ['c1234'], reason: 'internal_error', message: expect.stringContaining('only this row') }]);
  expect(errors).toMatchObject([{ importId: id, msg: 'a row of an import could not be taken and was left out' }]);
}, 120_000);

test('a database that is away is no row\'s fault: the call fails, to be tried again', async () => {
  const id = await queued(rowsOf(['d1']));
  const away = { ...database.app, asTenant: () => Promise.reject(Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })) };
  await expect(turn(id, { db: away })).rejects.toThrow('gone');
  expect(errors).toEqual([]);
  expect(await turn(id)).toMatchObject({ outcome: 'completed', accepted: 1, refused: 0 });
});

test.each([
  ['a broken check', { code: '23514' }, true], ['bad data', { code: '22P02' }, true], ['an error of our own', {}, true],
  ['a deadlock', { code: '40P01' }, false], ['a statement that took too long', { code: '57014' }, false], ['a full disk', { code: '53100' }, false], ['a socket that closed', { code: 'ECONNRESET' }, false],
])('%s is the row\'s fault: %j %s', (_what, code, isFault) => {
  expect(isRowsFault(Object.assign(new Error('x'), code))).toBe(isFault);
  expect(isRowsFault(new Error('wrapped', { cause: Object.assign(new Error('x'), code) }))).toBe(isFault);
});

test('an import that was thrown away, or never queued, is gone for its run', async () => {
  const { tenantId } = tenant;
  const id = newId('imp', NOON);
  expect(await turn(id)).toMatchObject({ outcome: 'gone' });
  await database.app.asTenant(tenantId, async (tx) => {
    await openImport(tx, { id, tenantId, target: { kind: 'members' }, columns: ['externalId'], actor: 'test', now: NOON });
    await stageRows(tx, keyring, { importId: id, tenantId, rows: rowsOf(['e1']) });
  });
  expect(await turn(id)).toMatchObject({ outcome: 'gone' });
  await database.app.asTenant(tenantId, (tx) => discardImport(tx, id));
  expect(await left()).toBe(0);
  expect(await database.app.asTenant(tenantId, (tx) => queueImport(tx, { importId: id, tenantId, total: 1, refused: 0, now: NOON }))).toBe(false);
  const kept = await queued(rowsOf(['e2']));
  await database.app.asTenant(tenantId, (tx) => discardImport(tx, kept));
  expect(await left()).toBe(1);
});

test('a start stands in the outbox until its run was started, and is no lane\'s nudge', async () => {
  const [first, second] = [await queued(rowsOf(['f1'])), await queued(rowsOf(['f2']))];
  await takeOutbox(database.relay, () => { throw new Error('a start was taken for a nudge'); });
  const asked: string[] = [];
  await takeImportStarts(database.relay, async (starts) => {
    asked.push(...starts.map(({ importId }) => importId));
    return starts.filter(({ importId }) => importId === second);
  });
  await expect(takeImportStarts(database.relay, () => Promise.reject(new Error('Temporal is away')))).rejects.toThrow('away');
  await takeImportStarts(database.relay, async (starts) => {
    asked.push(...starts.map(({ importId }) => importId));
    return starts;
  });
  expect(asked).toEqual([first, second, first]);
  expect(await database.superuser`select 1 from outbox`).toHaveLength(0);
});

test('an import that stands still is told to the relay: not one that ended, moves, or is coming in', async () => {
  const still = await queued(rowsOf(['g1']), NOON - 200_000);
  await queued(rowsOf(['g2']));
  await turn(await queued(rowsOf(['g3']), NOON - 200_000));
  await database.superuser`insert into imports (id, tenant_id, kind, state, columns, actor, created_at, moved_at) values ('imp_in', ${tenant.tenantId}, 'members', 'receiving', '{}', 'x', ${NOON - 200_000}, ${NOON - 200_000})`;
  expect(await stillImports(database.relay, NOON - 120_000)).toEqual([{ tenantId: tenant.tenantId, importId: still }]);
});
