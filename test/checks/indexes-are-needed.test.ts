import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

/** Every row pays for every index of its table, when it is written and as long as it is kept. */
test('no index begins as another does and says nothing more', async () => {
  const rows = await database.superuser<{ index: string; within: string }[]>`
    select a.indexrelid::regclass::text as index, b.indexrelid::regclass::text as within
    from pg_index a join pg_index b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid
    join pg_class c on c.oid = a.indexrelid join pg_class d on d.oid = b.indexrelid and d.relam = c.relam
    where c.relnamespace = 'public'::regnamespace and not a.indisunique and a.indpred is null and b.indpred is null and a.indexprs is null and b.indexprs is null
      and starts_with(b.indkey::text || ' ', a.indkey::text || ' ')`;
  expect([...rows]).toEqual([]);
});
