import { readdirSync } from 'node:fs';
import { migrate, MIGRATIONS_FOLDER } from '../../db/migrate.ts';
import { openEmptyTestDatabase, openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const FILES = readdirSync(MIGRATIONS_FOLDER).filter((name) => name.endsWith('.sql')).toSorted();

let database: TestDatabase;
afterEach(() => database.drop());

test('two starts at once bring an empty database to today, and each migration runs once', async () => {
  database = await openEmptyTestDatabase();
  const reports = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl)));

  expect(reports.flatMap((report) => report.applied)).toEqual(FILES);
  const rows = await database.superuser<{ name: string }[]>`select name from schema_migrations order by name`;
  expect(rows.map((row) => row.name)).toEqual(FILES);
});

test('databases of one cluster can be migrated side by side: they share the roles', async () => {
  database = await openEmptyTestDatabase();
  const neighbour = await openEmptyTestDatabase();
  try {
    const reports = await Promise.all([migrate(database.ownerUrl), migrate(neighbour.ownerUrl)]);
    expect(reports.map((report) => report.applied)).toEqual([FILES, FILES]);
  } finally {
    await neighbour.drop();
  }
});

test('a migration that was changed after it ran is refused by name, and nothing is applied', async () => {
  database = await openTestDatabase();
  await database.superuser`update schema_migrations set checksum = 'of another text' where name = ${FILES[2] ?? ''}`;

  await expect(migrate(database.ownerUrl)).rejects.toThrow(`${FILES[2]} was changed after it had been applied`);
});

test('a migrated database is left as it is', async () => {
  database = await openTestDatabase();
  expect(await migrate(database.ownerUrl)).toEqual({ applied: [], already: FILES.length });
});
