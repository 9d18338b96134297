import { openDatabase } from '../../db/client.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { makeId } from '../../src/domain/ids.ts';
import { fillEveryTable } from './support/sample-rows.ts';
import { findLeaks } from './support/tenant-leaks.ts';
import { tenantTables } from './support/tenant-tables.ts';

const A = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
const B = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(2));

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await fillEveryTable(database.superuser, [A, B]);
});
afterAll(() => database.drop());

test('every tenant table holds a row of each tenant, so that nothing below is proved on an empty table', async () => {
  for (const { name, tenantColumn } of await tenantTables(database.superuser)) {
    const rows = await database.superuser`select ${database.superuser(tenantColumn)} as owner from ${database.superuser(name)}`;
    expect({ name, owners: new Set(rows.map((row): unknown => row['owner'])) }).toEqual({ name, owners: new Set([A, B]) });
  }
});

test('a tenant reads, changes, removes and adds nothing of another, in no table', async () => {
  expect(await findLeaks(database, A, B)).toEqual([]);
  expect(await findLeaks(database, B, A)).toEqual([]);
});

test('without a tenant the app sees nothing', async () => {
  const granted = await database.superuser<{ name: string }[]>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and has_table_privilege('flywheel_app', c.oid, 'select')`;
  const names = new Set(granted.map((row) => row.name));
  const readable = (await tenantTables(database.superuser)).filter((table) => names.has(table.name));
  expect(readable.length).toBeGreaterThan(15);
  for (const { name } of readable) {
    expect([name, ...(await database.app.sql`select * from ${database.app.sql(name)}`)]).toEqual([name]);
  }
});

test('the tenant of one transaction is forgotten in the next one on the same connection', async () => {
  const one = openDatabase({ url: database.ownerUrl, role: 'flywheel_app', max: 1, name: 'test one connection' });
  try {
    expect(await one.asTenant(A, ({ sql }) => sql`select id from tenants`)).toHaveLength(1);
    expect(await one.sql`select id from tenants`).toHaveLength(0);
  } finally {
    await one.close();
  }
});

describe('the check bites', () => {
  test.each([
    ['security switched off', 'alter table contacts disable row level security', 'alter table contacts enable row level security', 'contacts: shows rows of'],
    ['a month without security of its own', 'alter table touches_default disable row level security', 'alter table touches_default enable row level security', 'touches_default: shows rows of'],
    ['a policy that only looks at reading',
      'drop policy tenant_isolation on cooling; create policy tenant_isolation on cooling to flywheel_app using (tenant_id = (select current_tenant())) with check (true)',
      "drop policy tenant_isolation on cooling; call protect_tenant_table('cooling')", 'cooling: inserts a row for the other tenant'],
    ['a policy that lets others be read', 'create policy peek on members for select to flywheel_app using (true)', 'drop policy peek on members', 'members: finds rows of the other tenant'],
    ['a policy that lets others be removed', 'create policy peek on hard_stops to flywheel_app using (true)', 'drop policy peek on hard_stops', 'hard_stops: removes rows of the other tenant'],
  ])('%s', async (_what, change, undo, leak) => {
    await database.superuser.unsafe(change);
    try {
      expect(await findLeaks(database, A, B)).toContainEqual(expect.stringContaining(leak));
    } finally {
      await database.superuser.unsafe(undo);
    }
    expect(await findLeaks(database, A, B)).toEqual([]);
  });
});
