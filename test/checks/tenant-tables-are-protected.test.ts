import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { findUnprotected, tenantTables } from './support/tenant-tables.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

/** What the check says after a change to the schema that is taken back. */
async function afterChange(change: string): Promise<string[]> {
  const found: string[] = [];
  const undone = database.superuser.begin(async (tx) => {
    await tx.unsafe(change);
    found.push(...(await findUnprotected(tx)));
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  return found;
}

test('every tenant table has row-level security, enabled and forced, with the one policy that binds the app', async () => {
  expect((await tenantTables(database.superuser)).length).toBeGreaterThan(15);
  expect(await findUnprotected(database.superuser)).toEqual([]);
});

describe('the check bites', () => {
  const COUPONS = 'create table coupons (tenant_id text not null);';

  test('a new tenant table without protection', async () => {
    expect(await afterChange(COUPONS)).toEqual([
      'coupons: row-level security is not enabled',
      expect.stringContaining('coupons: row-level security is not forced'),
      expect.stringContaining('coupons: no policy binds flywheel_app'),
    ]);
  });

  test.each([
    ['a table that does not say whose its rows are', 'create table coupons (code text);', 'no column tenant_id'],
    ['a table whose tenant may be null', "create table coupons (tenant_id text); call protect_tenant_table('coupons');", 'no column tenant_id'],
    ['security that is not forced', 'alter table invites no force row level security;', 'invites: row-level security is not forced'],
    ['security that is switched off', 'alter table contacts disable row level security;', 'contacts: row-level security is not enabled'],
    ['a policy for everything', `${COUPONS} alter table coupons enable row level security, force row level security;
      create policy p on coupons to flywheel_app using (true);`, 'coupons: no policy binds'],
    ['a policy that checks only what is read', `${COUPONS} alter table coupons enable row level security, force row level security;
      create policy p on coupons to flywheel_app using (tenant_id = (select current_tenant())) with check (true);`, 'coupons: no policy binds'],
    ['a second policy beside the good one', 'create policy p on events for select to flywheel_app using (true);', 'events: a further policy widens it'],
    ['a second policy for everybody', 'create policy p on events using (true);', 'events: a further policy widens it'],
    ['a partition without protection', `create table visits (tenant_id text not null, at timestamptz) partition by range (at); call protect_tenant_table('visits');
      create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');`, 'visits_2026: row-level security is not enabled'],
    ['a view with its owner\'s rights', 'create view all_contacts as select * from contacts;', 'all_contacts: a view must be security_invoker'],
    ['a materialised view', 'create materialized view figures as select count(*) from invites;', 'figures: a materialised view'],
    ['a function with its owner\'s rights for everybody', 'create function peek() returns bigint language sql security definer set search_path = public as $$ select count(*) from invites $$;',
      'peek: a security definer function must not be open to everybody'],
    ['the right to truncate', 'grant truncate on messages to flywheel_app;', 'messages: flywheel_app may truncate it'],
  ])('%s', async (_what, change, problem) => {
    expect(await afterChange(change)).toContainEqual(expect.stringContaining(problem));
  });
});

test('no role of ours is a superuser or bypasses row-level security, and the roles do not reach each other', async () => {
  const roles = await database.superuser<{ name: string }[]>`
    select rolname as name, rolsuper as super, rolbypassrls as bypass, rolcanlogin as login, rolcreaterole as creates_roles,
      array(select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid group by 1 order by 1)::text[] as acts_as
    from pg_roles r where rolname like 'flywheel%' or (rolbypassrls and rolname <> 'postgres') order by 1`;
  expect([...roles]).toEqual([
    { name: 'flywheel_app', super: false, bypass: false, login: false, creates_roles: false, acts_as: [] },
    { name: 'flywheel_owner', super: false, bypass: false, login: true, creates_roles: true, acts_as: ['flywheel_app', 'flywheel_relay', 'flywheel_retention'] },
    { name: 'flywheel_relay', super: false, bypass: false, login: false, creates_roles: false, acts_as: [] },
    { name: 'flywheel_retention', super: false, bypass: false, login: false, creates_roles: false, acts_as: [] },
  ]);
});

test('months made later are protected as those that the migrations made', async () => {
  const made = await database.superuser<{ leaves: string[] }[]>`select make_month_partitions('2031-01-31T23:59:59Z', '2031-03-01T00:00:00Z') as leaves`;
  expect(made[0]?.leaves.toSorted()).toEqual(['decisions', 'receipts', 'touches'].flatMap((table) => ['01', '02', '03'].map((month) => `${table}_2031_${month}`)));
  expect((await tenantTables(database.superuser)).map(({ name }) => name)).toEqual(expect.arrayContaining(['touches_2031_01', 'touches_default']));
  expect(await findUnprotected(database.superuser)).toEqual([]);
});

test('nothing in the schema belongs to a superuser', async () => {
  const rows = await database.superuser`
    select c.relname as name from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and (r.rolsuper or r.rolname <> 'flywheel_owner')
    union all
    select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner
    where p.pronamespace = 'public'::regnamespace and (r.rolsuper or r.rolname <> 'flywheel_owner')`;
  expect([...rows]).toEqual([]);
});
