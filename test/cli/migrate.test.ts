import { z } from 'zod';
import { runCli, runJson } from '../support/cli.ts';
import { openEmptyTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let env: { DATABASE_URL: string };
beforeAll(async () => {
  database = await openEmptyTestDatabase();
  env = { DATABASE_URL: database.ownerUrl };
});
afterAll(() => database.drop());

const report = z.object({ planned: z.boolean(), pending: z.array(z.string()), applied: z.array(z.string()), already: z.number(), newerThanThis: z.array(z.string()) });
const tables = async (): Promise<number> => (await database.superuser`select from pg_tables where schemaname = 'public'`).length;

test('an empty database is planned, left as it is, migrated, and then complete', async () => {
  const plan = await runJson(env, ['migrate', '--plan'], report);
  expect(plan).toMatchObject({ planned: true, applied: [], already: 0 });
  expect(plan.pending[0]).toBe('0001_roles.sql');
  expect(await tables()).toBe(0);
  expect(await runCli(env, ['tenant', 'list'])).toEqual({ code: 1, out: '', err: 'This database lacks a table that this version needs.\n  → npx flywheel migrate\n' });

  const done = await runCli(env, ['migrate', '--json']);
  expect(report.parse(JSON.parse(done.out))).toEqual({ planned: false, pending: [], applied: plan.pending, already: 0, newerThanThis: [] });
  expect(done.err).toContain('applied 0001_roles.sql');
  expect(await runCli(env, ['migrate'])).toMatchObject({ code: 0, out: `0 applied, ${String(plan.pending.length)} already there\n` });
  expect((await runCli(env, ['migrate', '--plan'])).out).toBe(`0 to apply, ${String(plan.pending.length)} already there\n`);
});

test('a migration that a newer version applied is named', async () => {
  await database.superuser`insert into schema_migrations values ('9999_from_tomorrow.sql', 'x', ${Date.now()})`;
  expect((await runJson(env, ['migrate'], report)).newerThanThis).toEqual(['9999_from_tomorrow.sql']);
  await database.superuser`delete from schema_migrations where name like '9999%'`;
});

test('a migration that was altered after it ran is refused, planned or not', async () => {
  await database.superuser`update schema_migrations set checksum = 'x' where name = '0001_roles.sql'`;
  for (const words of [['migrate'], ['migrate', '--plan']]) {
    expect(await runCli(env, words)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('changed afterwards: 0001_roles.sql') });
  }
});
