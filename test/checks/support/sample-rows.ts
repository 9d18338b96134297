import { createHash } from 'node:crypto';
import type { Sql } from '../../../db/client.ts';
import { tenantTables } from './tenant-tables.ts';
import type { TenantTable } from './tenant-tables.ts';

/** A row as the database describes it: column -> value, all as text or arrays of it. */
type Row = Readonly<Record<string, string | null>>;
type Column = { readonly name: string; readonly type: string; readonly checks: readonly string[]; readonly required: boolean };
type Reference = { readonly columns: readonly string[]; readonly table: string; readonly targets: readonly string[] };

/** Columns whose first allowed value would ask for more of the row (an invite that waits has a contact and a time). */
const CHOSEN: Readonly<Record<string, string>> = { 'weekly_reports.week': '2026-W23', 'board_entries.person_id': 'mbr_00000000000000000000000001', 'board_nudges.person_id': 'mbr_00000000000000000000000001', 'plays.person_id': 'mbr_00000000000000000000000001', 'run_people.person_id': 'mbr_00000000000000000000000001', 'run_people.role': 'member', 'report_mails.state': 'handed_off', 'accounts.kind': 'program_budget', 'transfers.id': 'rew_sample:grant:0', 'runs.id': 'ref_00000000000000000000000001', 'tenant_units.unit': 'points', 'rewards.unit': 'EUR', 'explain_links.referral_id': 'its own', 'referrals.self_referral': 'true', 'payout_batches.unit': 'EUR', 'payouts.unit': 'EUR', 'invites.state': 'refused', 'links.kind': 'share', 'member_caps.bucket': '2026-06-10', 'consents.topic': 'invitations', 'consents.action': 'withdrawn', 'feed_items.topic': 'invitations', 'feed_choices.topic': 'invitations', 'preferences.topic': 'invitations', 'streaks.streak': 'practice', 'streak_days.streak': 'practice', 'streak_grants.streak': 'practice' };

/** A column that must name another row than its neighbour of the same table: that row is made for it. */
const ANOTHER: Readonly<Record<string, (sql: Sql, tenant: string) => Promise<string>>> = {
  async 'transfers.credit_account_id'(sql, tenant) {
    const [made] = await sql<{ id: string }[]>`
      insert into accounts (tenant_id, kind, owner_id, unit, may_be_negative) select tenant_id, kind, 'another', unit, may_be_negative from accounts where tenant_id = ${tenant} returning id::text`;
    return made?.id ?? '';
  },
};

/**
 * Puts one row of each tenant into every tenant table, made from what the database says of it: types, checks, foreign
 * keys. So a new table is covered by itself. Throws where it cannot make a row: then the column needs a value above.
 */
export async function fillEveryTable(superuser: Sql, tenants: readonly string[]): Promise<void> {
  const tables = await tenantTables(superuser);
  for (const tenant of tenants) {
    const filled = new Map<string, Row>();
    const fill = async (table: TenantTable): Promise<void> => {
      if (filled.has(table.name)) return;
      const references = await referencesOf(superuser, table.name);
      for (const reference of references) {
        const parent = tables.find((other) => other.name === reference.table);
        if (parent !== undefined && parent.name !== table.name) await fill(parent);
      }
      filled.set(table.name, await insertSample(superuser, table, tenant, references, filled));
    };
    for (const table of tables) await fill(table);
  }
}

async function insertSample(superuser: Sql, table: TenantTable, tenant: string, references: readonly Reference[], filled: ReadonlyMap<string, Row>): Promise<Row> {
  const values: Record<string, string | null> = {};
  const partition = await partitionOf(superuser, table.name);
  for (const column of await columnsOf(superuser, table.name)) {
    const chosen = CHOSEN[`${table.name}.${column.name}`];
    if (column.name === table.tenantColumn) values[column.name] = tenant;
    else if (column.name === partition?.key) values[column.name] = partition.at;
    else if (chosen !== undefined) values[column.name] = chosen;
    else if (column.required) values[column.name] = sampleValue(column, tenant);
  }
  for (const { columns, targets, table: parent } of references) {
    if (parent === table.name) continue; // a row of its own kind: there is none yet
    columns.forEach((name, place) => {
      if (name in values) values[name] = filled.get(parent)?.[targets[place] ?? ''] ?? null;
    });
  }
  for (const name of Object.keys(values)) {
    const another = ANOTHER[`${table.name}.${name}`];
    if (another !== undefined) values[name] = await another(superuser, tenant);
  }
  try {
    const names = Object.keys(values).map((name) => `"${name}"`).join(', ');
    const [stored] = await superuser.unsafe<{ row: Record<string, unknown> }[]>(
      `insert into ${table.name} as t (${names}) select ${names} from jsonb_populate_record(null::${table.name}, $1::jsonb) returning to_jsonb(t) as row`,
      [JSON.stringify(values)],
    );
    return Object.fromEntries(Object.entries(stored?.row ?? {}).map(([name, value]) => [name, typeof value === 'string' || value === null ? value : JSON.stringify(value)]));
  } catch (error) {
    throw new Error(`no sample row for ${table.name} ${JSON.stringify(values)}: name a value in CHOSEN`, { cause: error });
  }
}

/** A value that the column takes, different for each tenant where it is a key. */
function sampleValue({ name, type, checks }: Column, tenant: string): string {
  const check = checks.join(' ');
  const allowed = /'([^']+)'::text/.exec(check)?.[1];
  const own = createHash('sha256').update(`${tenant} ${name}`).digest();
  const length = /length\(\w+\) = (\d+)/.exec(check)?.[1];
  if (type === 'text' && allowed !== undefined) return allowed.endsWith('\\_%') ? `${allowed.slice(0, -3)}_${tenant}` : allowed;
  switch (type) {
    case 'text':
      return `${name.slice(0, 8)}-${own.toString('hex').slice(0, 8)}`;
    case 'bytea':
      return `\\x${own.subarray(0, Number(length ?? 16)).toString('hex')}`;
    case 'smallint':
    case 'integer':
    case 'bigint':
      return check.includes(`${name} >= 200`) ? '200' : '1';
    case 'boolean':
      return 'true';
    case 'timestamp with time zone':
      return '2026-06-10T12:00:00Z';
    case 'date':
      return '2026-06-10';
    case 'jsonb':
      return '{}';
    default:
      if (type.endsWith('[]')) return '{}';
      throw new Error(`no sample value for ${name} of type ${type}`);
  }
}

/** A partition takes rows of its month alone, the default one those for which there is none. */
async function partitionOf(sql: Sql, table: string): Promise<{ key: string; at: string } | undefined> {
  const [row] = await sql<{ key: string; at: string }[]>`
    select key, to_json(coalesce(first_at, '1999-01-01T00:00:00Z')) #>> '{}' as at from month_partitions() where leaf = ${table}`;
  return row;
}

async function columnsOf(sql: Sql, table: string): Promise<Column[]> {
  return sql<Column[]>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull and not a.atthasdef and a.attidentity = '' as required,
      array(select pg_get_constraintdef(c.oid) from pg_constraint c where c.conrelid = a.attrelid and c.contype = 'c' and c.conkey = array[a.attnum]) as checks
    from pg_attribute a where a.attrelid = ${`public.${table}`}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`;
}

async function referencesOf(sql: Sql, table: string): Promise<Reference[]> {
  return sql<Reference[]>`
    select c.confrelid::regclass::text as table,
      array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by i) as columns,
      array(select a.attname::text from unnest(c.confkey) with ordinality k(n, i) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by i) as targets
    from pg_constraint c where c.contype = 'f' and c.conrelid = ${`public.${table}`}::regclass`;
}
