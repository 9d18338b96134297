import { beginRetention, dropMonth, finishRetention, listMonthsOver, makeMonthPartitions } from '../../db/write/run-retention.ts';
import { newId } from '../../src/config/new-id.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { keepRows, keptIds, makeKeeper, makeMonth, monthsOf, okay, ranADayBefore, removeMonths, runRetention, setTerm } from '../support/retained.ts';
import type { Keeper } from '../support/retained.ts';
import { arrive } from '../support/two-at-once.ts';
import { recordOneTouch } from '../support/record-one-touch.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2030-11-21T08:00:00Z');
const DAY = '2030-11-21';

let database: TestDatabase;
let long: Keeper;
let short: Keeper;
beforeEach(async () => {
  database = await openTestDatabase();
  [long, short] = await Promise.all([makeKeeper(database, 36), makeKeeper(database, 6)]);
  await removeMonths(database);
  await ranADayBefore(database, NOW);
});
afterEach(() => database.drop());

const reports = (keeper: Keeper) => database.superuser`
  select table_name as table, rows_removed::int as removed, partitions_dropped as dropped, network_data_removed::int as forgotten, oldest_kept_at as oldest
  from retention_reports where tenant_id = ${keeper.tenantId} and day = ${DAY} order by table_name`.then((rows) => [...rows]);

test('a month goes whole when it is over for all, and row by row for those whose term is shorter', async () => {
  for (const month of ['2027-10-01', '2028-03-01', '2030-05-01'].map((day) => at(`${day}T00:00:00Z`))) await makeMonth(database, month);
  const [, kept] = await keepRows(database, long, 'touches', [at('2027-10-31T23:59:59.999Z'), at('2028-03-01T00:00:00Z')]);
  const [, , young] = await keepRows(database, short, 'touches', [at('2027-10-15T00:00:00Z'), at('2028-03-31T23:59:59.999Z'), at('2030-05-01T00:00:00Z')]);
  await runRetention(database, NOW);
  expect(await keptIds(database)).toEqual(new Set([kept, young]));
  expect(await monthsOf(database, 'touches')).toEqual(['2028_03', '2030_05']);
  expect((await reports(long))[2]).toEqual({ table: 'touches', removed: 1, dropped: 1, forgotten: 2, oldest: at('2028-03-01T00:00:00Z') });
  expect((await reports(short))[2]).toEqual({ table: 'touches', removed: 2, dropped: 1, forgotten: 3, oldest: at('2030-05-01T00:00:00Z') });
});

test('a second run on the same day removes nothing twice and leaves its report as it is', async () => {
  await keepRows(database, long, 'decisions', [at('2025-01-01T00:00:00Z'), at('2030-11-01T00:00:00Z')]);
  await runRetention(database, NOW);
  const told = await reports(long);
  expect(okay(await beginRetention(database.retention, NOW + 3_600_000))).toEqual({ begun: false, day: DAY });
  await runRetention(database, NOW + 3_600_000);
  expect(await reports(long)).toEqual(told);
});

test('a month is named by the caller and judged by the database: what anybody\'s term keeps is not dropped', async () => {
  await makeMonth(database, at('2030-01-01T00:00:00Z'));
  await keepRows(database, short, 'receipts', [at('2030-01-10T00:00:00Z')]);
  const drop = async (leaf: string) => okay(await dropMonth(database.retention, { leaf, now: NOW, day: DAY }));
  await keepRows(database, long, 'receipts', [at('2030-01-31T23:59:59.999Z')]);
  expect(okay(await listMonthsOver(database.retention, NOW))).not.toContain('receipts_2030_01');
  expect(await drop('receipts_2030_01')).toBe('not_over');
  expect(await drop('receipts_2031_11')).toBe('unknown');
  expect([await drop('receipts_default'), await drop('receipts'), await drop('tenants'), await drop("x'; drop table tenants; --")]).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  await setTerm(database, long.tenantId, 9);
  expect(await drop('receipts_2030_01')).toBe('dropped');
  expect(await keptIds(database)).toEqual(new Set());
});

test('an empty month of the present is not dropped, nor one of the future', async () => {
  await makeMonthPartitions(database.retention, { now: NOW, monthsAhead: 3 });
  await runRetention(database, NOW);
  expect(await monthsOf(database, 'touches')).toEqual(['2030_11', '2030_12', '2031_01', '2031_02']);
});

test('what holds the table is not waited for: the drop gives up in a moment, and a click beside it is written', async () => {
  await makeMonth(database, at('2025-01-01T00:00:00Z'));
  await keepRows(database, long, 'touches', [at('2025-01-10T00:00:00Z')]);
  const [holding, over] = [arrive(2), arrive(2)];
  const reader = database.superuser.begin(async (sql) => {
    await sql`select count(*) from touches`;
    await holding();
    await over();
  });
  await holding();
  const startedMs = performance.now();
  const click = { id: newId('tch', NOW), code: long.code, notAPerson: null, visitor: { kind: 'fresh' as const, id: 'v' }, ipHash: null, agentClass: 'app', now: NOW };
  const [dropped, touch] = await Promise.all([dropMonth(database.retention, { leaf: 'touches_2025_01', now: NOW, day: DAY }), recordOneTouch(database, { ...click, tenantId: long.tenantId })]);
  expect([dropped, touch]).toEqual([{ outcome: 'busy' }, { whyNot: null }]);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  await over();
  await reader;
  expect(await dropMonth(database.retention, { leaf: 'touches_2025_01', now: NOW, day: DAY })).toEqual({ outcome: 'ok', value: 'dropped' });
});

test('a clock that leapt is refused with what an operator can do, until the operator says that it is right', async () => {
  const later = at('2031-03-01T00:00:00Z');
  expect(await beginRetention(database.retention, later)).toEqual({ outcome: 'clock_refused', why: expect.stringMatching(/Nothing was removed.*accept_retention_time\('2031-03-01/) });
  await database.owner`select accept_retention_time(${later})`;
  expect(okay(await beginRetention(database.retention, later))).toEqual({ begun: true, day: '2031-03-01' });
});

test('where retention never ran, the last migration is the measure', async () => {
  await database.superuser`truncate retention_runs`;
  const [row] = await database.superuser<{ at: number }[]>`select max(applied_at) as at from schema_migrations`;
  const migratedAt = row?.at ?? 0;
  expect((await beginRetention(database.retention, migratedAt + 6 * 86_400_000)).outcome).toBe('ok');
  await database.superuser`truncate retention_runs`;
  expect((await beginRetention(database.retention, migratedAt + 8 * 86_400_000)).outcome).toBe('clock_refused');
});

test('the report tells of rows that stand in a default partition, and reports go with the term they tell of', async () => {
  await keepRows(database, long, 'touches', [at('2030-10-01T00:00:00Z')]);
  await database.superuser`insert into retention_reports (tenant_id, day, table_name) values (${short.tenantId}, '2030-04-30', 'touches'), (${long.tenantId}, '2030-04-30', 'touches')`;
  const { day } = okay(await beginRetention(database.retention, NOW));
  expect(okay(await finishRetention(database.retention, { now: NOW, day }))).toMatchObject({ inDefault: 1 });
  const old = await database.superuser<{ owner: string }[]>`select tenant_id as owner from retention_reports where day < '2030-11-01'`;
  expect(old.map(({ owner }) => owner)).toEqual([long.tenantId]);
});
