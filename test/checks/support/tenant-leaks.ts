import postgres from 'postgres';
import type { Database, Sql, TransactionSql } from '../../../db/client.ts';
import { asId } from '../../../src/domain/ids.ts';
import { tenantTables } from './tenant-tables.ts';
import type { TenantTable } from './tenant-tables.ts';

type Verb = 'select' | 'insert' | 'update' | 'delete';
/** A table with what the app was granted on it. */
type Target = TenantTable & { readonly grants: ReadonlySet<Verb>; readonly updatable: string | null; readonly othersRow: unknown };

/** Tries, as the app working for `tenant`, to reach rows of `other` in every table. One line for each way that leads there. */
export async function findLeaks(database: { readonly app: Database; readonly superuser: Sql }, tenant: string, other: string): Promise<string[]> {
  const targets = await Promise.all((await tenantTables(database.superuser)).map((table) => targetOf(database.superuser, table, other)));
  const leaks: string[] = [];
  await orUndone(() => database.app.asTenant(asId('tnt', tenant), async ({ sql }) => {
    for (const target of targets) {
      for (const attempt of [readsOthers, countsOthers, changesOthers, givesAway, removesOthers, insertsAsOther]) {
        await orUndone(() => sql.savepoint(async (point) => {
          const leak = await attempt(point, target, tenant, other);
          if (leak !== null) leaks.push(`${target.name}: ${leak}`);
          throw UNDO;
        }));
      }
    }
    throw UNDO;
  }));
  return leaks;
}

type Attempt = (sql: TransactionSql, target: Target, tenant: string, other: string) => Promise<string | null>;

const readsOthers: Attempt = async (sql, { name, tenantColumn, grants }, tenant) => {
  if (!grants.has('select')) return null;
  const owners = (await sql<{ owner: string }[]>`select distinct ${sql(tenantColumn)} as owner from ${sql(name)}`).map((row) => row.owner);
  if (!owners.includes(tenant)) return 'holds no row of its own: the check would prove nothing';
  return owners.length === 1 ? null : `shows rows of ${owners.filter((owner) => owner !== tenant).join(', ')}`;
};

const countsOthers: Attempt = async (sql, { name, tenantColumn, grants }, _tenant, other) => {
  if (!grants.has('select')) return null;
  const rows = await sql`select 1 from ${sql(name)} where ${sql(tenantColumn)} = ${other}`;
  return rows.length === 0 ? null : 'finds rows of the other tenant by its id';
};

const changesOthers: Attempt = async (sql, { name, tenantColumn, updatable }, tenant) => {
  if (updatable === null) return null;
  const rows = await sql<{ owner: string }[]>`update ${sql(name)} set ${sql(updatable)} = ${sql(updatable)} returning ${sql(tenantColumn)} as owner`;
  return rows.some((row) => row.owner !== tenant) ? 'changes rows of the other tenant' : null;
};

const givesAway: Attempt = async (sql, { name, tenantColumn, grants }, _tenant, other) => {
  if (!grants.has('update')) return null;
  return refusedByPolicy(() => sql`update ${sql(name)} set ${sql(tenantColumn)} = ${other}`, 'gives a row to the other tenant');
};

const removesOthers: Attempt = async (sql, { name, tenantColumn, grants }, _tenant, other) => {
  if (!grants.has('delete')) return null;
  const removed = await sql`delete from ${sql(name)} where ${sql(tenantColumn)} = ${other} returning 1`;
  return removed.length === 0 ? null : 'removes rows of the other tenant';
};

const insertsAsOther: Attempt = async (sql, { name, grants, othersRow }) => {
  if (!grants.has('insert')) return null;
  // The other tenant's very row: the policy speaks before any unique key does.
  return refusedByPolicy(
    () => sql`insert into ${sql(name)} overriding system value select * from jsonb_populate_record(null::${sql(name)}, ${JSON.stringify(othersRow)}::text::jsonb)`,
    'inserts a row for the other tenant',
  );
};

/** Row-level security answers with its own words; another refusal (a unique key, a right that is missing) proves nothing. */
async function refusedByPolicy(statement: () => PromiseLike<unknown>, leak: string): Promise<string | null> {
  try {
    await statement();
    return leak;
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.message.includes('violates row-level security policy')) return null;
    return `${leak}, or is stopped by something else than its policy: ${String(error)}`;
  }
}

const UNDO = new Error('undo');

/** Nothing that was tried is kept. */
async function orUndone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error !== UNDO) throw error;
  }
}

async function targetOf(superuser: Sql, table: TenantTable, other: string): Promise<Target> {
  const [grants] = await superuser<{ verbs: Verb[]; updatable: string | null }[]>`
    select array(select v from unnest('{select,insert,update,delete}'::text[]) v where has_table_privilege('flywheel_app', ${table.name}, v)) as verbs,
      (select a.attname from pg_attribute a where a.attrelid = ${table.name}::regclass and a.attnum > 0 and not a.attisdropped and a.attidentity = ''
        and has_column_privilege('flywheel_app', a.attrelid, a.attnum, 'update') order by a.attnum desc limit 1) as updatable`;
  const [others] = await superuser<{ row: unknown }[]>`
    select to_jsonb(t) as row from ${superuser(table.name)} t where ${superuser(table.tenantColumn)} = ${other} limit 1`;
  if (grants === undefined || others === undefined) throw new Error(`${table.name} holds no row of ${other}: the check would prove nothing`);
  return { ...table, grants: new Set(grants.verbs), updatable: grants.updatable, othersRow: others.row };
}
