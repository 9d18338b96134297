import { makeMonthPartitions } from '../../db/write/run-retention.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { keepRows, makeKeeper, makeMonth, monthsOf, okay } from '../support/retained.ts';
import type { Keeper } from '../support/retained.ts';
import { arrive } from '../support/two-at-once.ts';

const at = (text: string): number => Date.parse(text);

let database: TestDatabase;
let keeper: Keeper;
beforeEach(async () => {
  database = await openTestDatabase();
  keeper = await makeKeeper(database, 36);
});
afterEach(() => database.drop());

const leafOf = async (id: string): Promise<string> => {
  const [row] = await database.superuser<{ leaf: string }[]>`select tableoid::regclass::text as leaf from touches where id = ${id}`;
  return row?.leaf ?? 'gone';
};

test('migrating makes this month and the next three, so that nothing is written into the default partition', async () => {
  const [row] = await database.superuser<{ months: string[] }[]>`
    select array(select to_char(m, 'YYYY_MM') from generate_series(date_trunc('month', max(applied_at) at time zone 'UTC'), max(applied_at) at time zone 'UTC' + interval '3 months', interval '1 month') m) as months
    from schema_migrations`;
  for (const table of ['touches', 'receipts', 'decisions'] as const) expect(await monthsOf(database, table)).toEqual(row?.months);
});

test('months are months of UTC, from their first millisecond to their last, also after a leap day', async () => {
  const made = okay(await makeMonthPartitions(database.retention, { now: at('2063-12-31T23:59:59.999Z'), monthsAhead: 3 }));
  expect(made.filter((name) => name.startsWith('touches')).toSorted()).toEqual(['touches_2063_12', 'touches_2064_01', 'touches_2064_02', 'touches_2064_03']);
  const [last, first, leap, march] = await keepRows(database, keeper, 'touches', ['2063-12-31T23:59:59.999Z', '2064-01-01T00:00:00Z', '2064-02-29T23:59:59.999Z', '2064-03-01T00:00:00Z'].map(at));
  expect(await Promise.all([last, first, leap, march].map((id = '') => leafOf(id)))).toEqual(['touches_2063_12', 'touches_2064_01', 'touches_2064_02', 'touches_2064_03']);
});

test('making them again makes nothing, and ten at once make each once', async () => {
  const now = at('2063-05-15T12:00:00Z');
  const gate = arrive(10);
  const answers = await Promise.all(Array.from({ length: 10 }, async () => {
    await gate();
    return okay(await makeMonthPartitions(database.retention, { now, monthsAhead: 1 }));
  }));
  expect(answers.flat().toSorted()).toEqual(['decisions', 'receipts', 'touches'].flatMap((table) => [`${table}_2063_05`, `${table}_2063_06`]));
  expect(okay(await makeMonthPartitions(database.retention, { now, monthsAhead: 1 }))).toEqual([]);
});

test('what no month was made for is kept in the default partition, and moves when its month is made', async () => {
  const [early = '', late = ''] = await keepRows(database, keeper, 'touches', [at('2063-05-15T12:00:00Z'), at('2063-06-01T00:00:00Z')]);
  expect([await leafOf(early), await leafOf(late)]).toEqual(['touches_default', 'touches_default']);
  await makeMonth(database, at('2063-05-01T00:00:00Z'));
  expect([await leafOf(early), await leafOf(late)]).toEqual(['touches_2063_05', 'touches_default']);
});

test('a month is not waited for where the tables are in use: the caller is told, and writing goes on', async () => {
  const holding = arrive(2);
  const over = arrive(2);
  const writer = database.app.asTenant(keeper.tenantId, async ({ sql }) => {
    await sql`insert into receipts (id, tenant_id, batch_id, n, step, kind, at, recorded_at) values ('rcp_1', ${keeper.tenantId}, ${keeper.batchId}, 0, 0, 'delivered', now(), '2063-05-01')`;
    await holding();
    await over();
  });
  await holding();
  const startedMs = performance.now();
  expect(await makeMonthPartitions(database.retention, { now: at('2063-08-01T00:00:00Z'), monthsAhead: 0 })).toEqual({ outcome: 'busy' });
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  await over();
  await writer;
  expect(okay(await makeMonthPartitions(database.retention, { now: at('2063-08-01T00:00:00Z'), monthsAhead: 0 }))).toHaveLength(3);
});

test('a clock that is wrong by years cannot have thousands of months made', async () => {
  await expect(database.retention.sql`select make_month_partitions('2026-11-01', '2226-11-01')`).rejects.toThrow('is a clock wrong?');
});

test('a month read directly shows a tenant its own rows and no others', async () => {
  const other = await makeKeeper(database, 36);
  await makeMonth(database, at('2063-05-15T12:00:00Z'));
  const [own] = await keepRows(database, keeper, 'touches', [at('2063-05-15T12:00:00Z'), at('2063-07-15T12:00:00Z')]);
  await keepRows(database, other, 'touches', [at('2063-05-16T12:00:00Z'), at('2063-07-16T12:00:00Z')]);
  const seen = (leaf: string) => database.app.asTenant(keeper.tenantId, ({ sql }) => sql<{ id: string }[]>`select id from ${sql(leaf)}`);
  expect((await seen('touches_2063_05')).map(({ id }) => id)).toEqual([own]);
  expect(await seen('touches_default')).toHaveLength(1);
  await expect(database.app.asTenant(keeper.tenantId, ({ sql }) => sql`
    insert into touches_2063_05 (id, tenant_id, code, kind, counted, agent_class, at, recorded_at) values ('tch_x', ${other.tenantId}, ${other.code}, 'click', true, 'app', now(), '2063-05-01')`))
    .rejects.toThrow('row-level security');
});
