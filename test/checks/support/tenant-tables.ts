import type postgres from 'postgres';

/** What only asks: a pool or a transaction. */
export type Query = postgres.ISql<{ instant: number; bigint: number; date: string; json: unknown }>;

/** A table that holds rows of tenants, and the column that says whose. */
export type TenantTable = { readonly name: string; readonly tenantColumn: string };

/** Tables of all tenants in common: they hold nothing of any of them. */
const SHARED_TABLES = ['schema_migrations', 'law_books', 'retention_runs', 'secret_checks', 'rate_buckets', 'breakers'];

/** Every tenant table of the database, partitions too. A table with neither a tenant column nor a place above is one, too. */
export async function tenantTables(sql: Query): Promise<TenantTable[]> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all (${SHARED_TABLES})
    order by c.relname`;
  return rows.map(({ name }) => ({ name, tenantColumn: name === 'tenants' ? 'id' : 'tenant_id' }));
}

/** What is wrong with the protection of the database's tables and functions; empty where nothing is. */
export async function findUnprotected(sql: Query): Promise<string[]> {
  const wrong: string[] = [];
  for (const table of await tenantTables(sql)) {
    wrong.push(...(await problemsOfTable(sql, table)).map((problem) => `${table.name}: ${problem}`));
  }
  return [...wrong, ...(await problemsOfOtherObjects(sql))];
}

async function problemsOfTable(sql: Query, table: TenantTable): Promise<string[]> {
  const [found] = await sql<{ enabled: boolean; forced: boolean; has_column: boolean }[]>`
    select relrowsecurity as enabled, relforcerowsecurity as forced, exists (
      select from pg_attribute where attrelid = c.oid and attname = ${table.tenantColumn} and attnotnull and not attisdropped) as has_column
    from pg_class c where c.oid = ${`public.${table.name}`}::regclass`;
  const policies = await sql<{ expression: string; permissive: string; cmd: string }[]>`
    select concat_ws(' | ', qual, with_check) as expression, permissive, cmd from pg_policies
    where schemaname = 'public' and tablename = ${table.name} and roles && '{flywheel_app,public}'::name[]`;
  const isolation = `(${table.tenantColumn} = ( SELECT current_tenant() AS current_tenant))`;
  const asExpected = policies.filter((policy) => policy.cmd === 'ALL' && policy.expression === `${isolation} | ${isolation}`);
  return [
    ...(found?.has_column === true ? [] : [`has no column ${table.tenantColumn} that says whose a row is`]),
    ...(found?.enabled === true ? [] : ['row-level security is not enabled']),
    ...(found?.forced === true ? [] : ['row-level security is not forced: its owner sees everything']),
    ...(asExpected.length > 0 ? [] : ['no policy binds flywheel_app to its tenant; call protect_tenant_table']),
    // Permissive policies add up: a second one could only widen what the app sees.
    ...policies.filter((policy) => policy.permissive === 'PERMISSIVE' && !asExpected.includes(policy)).map((policy) => `a further policy widens it: ${policy.expression}`),
  ];
}

/** Ways around the policies: views, functions with their owner's rights, TRUNCATE. */
async function problemsOfOtherObjects(sql: Query): Promise<string[]> {
  const rows = await sql<{ problem: string }[]>`
    select c.relname || ': a materialised view knows no row-level security' as problem
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'
    union all
    select c.relname || ': a view must be security_invoker, or it shows what its owner sees'
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
      and not coalesce('security_invoker=true' = any (c.reloptions), false)
    union all
    select p.proname || ': a security definer function must fix its search_path'
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%')
    union all
    select p.proname || ': a security definer function must not be open to everybody'
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and (p.proacl is null or exists (select from aclexplode(p.proacl) entry where entry.grantee = 0))
    union all
    select c.relname || ': ' || r.rolname || ' may truncate it, which no policy stops'
    from pg_class c, pg_roles r
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and r.rolname in ('flywheel_app', 'flywheel_relay')
      and has_table_privilege(r.oid, c.oid, 'truncate')`;
  return rows.map((row) => row.problem);
}
