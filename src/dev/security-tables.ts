import type postgres from 'postgres';

/** What only asks: a pool or a transaction. */
type Query = postgres.ISql<{ instant: number; bigint: number; date: string; json: unknown }>;

/** The roles of the database in the order in which docs/security.md shows them. */
const ROLES = ['flywheel_app', 'flywheel_relay', 'flywheel_retention'] as const;

const VERBS = [['SELECT', 'read'], ['INSERT', 'add'], ['UPDATE', 'change'], ['DELETE', 'delete']] as const;

type Given = { table: string; role: string; verb: string; columns: string[] | null };
type Owned = { table: string; forced: boolean; policies: string[] };

/**
 * Who may do what to which table, read from the database's catalogue, as a Markdown table. Months of a partitioned table
 * grant what the table grants and are left out.
 */
export async function rightsTable(sql: Query): Promise<string> {
  const given = await readGiven(sql);
  const tables = await readOwned(sql);
  const cell = (table: string, role: string): string => {
    const said = VERBS.flatMap(([verb, word]) => {
      const found = given.find((each) => each.table === table && each.role === role && each.verb === verb);
      if (found === undefined) return [];
      return [found.columns === null ? word : `${word} ${found.columns.map((column) => `\`${column}\``).join(' ')}`];
    });
    return said.length === 0 ? '–' : said.join('; ');
  };
  return [
    '| table | flywheel_app: rows of one tenant | flywheel_relay: rows of all tenants | flywheel_retention | owner, by itself |',
    '|---|---|---|---|---|',
    ...tables.map((owned) => `| \`${owned.table}\` | ${ROLES.map((role) => cell(owned.table, role)).join(' | ')} | ${ownerCell(owned)} |`),
  ].join('\n');
}

function ownerCell({ forced, policies }: Owned): string {
  if (!forced) return 'all; it holds no tenant\'s rows';
  if (policies.includes('ALL')) return 'all rows';
  return policies.includes('SELECT') ? 'read all rows' : '–';
}

async function readOwned(sql: Query): Promise<Owned[]> {
  return sql<Owned[]>`
    select c.relname as table, c.relrowsecurity and c.relforcerowsecurity as forced,
      array(select p.cmd from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and p.roles @> array[r.rolname] order by 1) as policies
    from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
}

/** `columns` null: the whole row. */
async function readGiven(sql: Query): Promise<Given[]> {
  return sql<Given[]>`
    select c.relname as table, g.rolname as role, a.privilege_type as verb, null::text[] as columns
    from pg_class c, aclexplode(c.relacl) a join pg_roles g on g.oid = a.grantee
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    union all
    select c.relname, g.rolname, a.privilege_type, array_agg(k.attname::text order by k.attname)
    from pg_class c join pg_attribute k on k.attrelid = c.oid, aclexplode(k.attacl) a join pg_roles g on g.oid = a.grantee
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    group by 1, 2, 3`;
}

/** What each function that runs with its owner's rights is for; one without a sentence has no place in the page, and a test fails. */
const PURPOSES: Readonly<Record<string, string>> = {
  resolve_api_key: 'a key\'s hash -> its tenant and tier, and until when it opens; nothing else of the key',
  member_tokens_not_before: 'tenant and member -> before when the member\'s tokens are refused; nothing else of the member',
  take_rate_units: 'takes units of rate limits out of shared buckets, whose names are keyed hashes; cannot read, fill or empty one',
  resolve_link: 'a code -> where it leads and whose it is, before the tenant is known',
  resolve_links: 'codes -> where they lead and whose they are, for clicks that arrive together',
  tenants_after: 'ids of tenants, for the weekly run that works for one after another',
  report_zones: 'the zones in which tenants are, for the look whose Monday report is due',
  reports_due: 'whose report is due and was not put out, and whether a Schedule should have started it: ids and weeks',
  report_mails_due: 'who has mails of reports to send: ids',
  ledgers_to_seal: 'ids of tenants that have booked what no block seals yet, for the run that seals one after another',
  sms_tenants_of: 'a phone\'s keyed hash -> ids of the tenants that wrote to it by SMS, for what it answers',
  sms_tenants_after: 'ids of tenants that ever had an SMS sender, for the run that asks the vendor what became of hand-offs',
  make_month_partitions: 'makes and protects the partitions of months ahead, two years at most',
  begin_retention: 'opens the day\'s run; refuses a clock that leapt by more than a week',
  forget_network_data: 'nulls visitor and network of touches older than 90 days',
  months_over: 'names the months in which every tenant\'s term has passed',
  drop_month_partition: 'drops one month, if it is over for all whose rows it holds: it looks for itself',
  remove_rows_over: 'deletes rows whose tenant\'s term has passed: it looks for itself',
  finish_retention: 'writes the day\'s report of each tenant',
};

/** The functions that run with their owner's rights, who may call them and what for, as a Markdown table. Throws for one that nobody has described. */
export async function definerTable(sql: Query): Promise<string> {
  const rows = await sql<{ name: string; roles: string[] }[]>`
    select p.proname as name, array(select g.rolname::text from aclexplode(p.proacl) a join pg_roles g on g.oid = a.grantee
      where a.grantee <> p.proowner order by 1) as roles
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by p.proname`;
  return [
    '| function | who may call it | what it does |',
    '|---|---|---|',
    ...rows.map(({ name, roles }) => {
      const purpose = PURPOSES[name];
      if (purpose === undefined) throw new Error(`say in src/dev/security-tables.ts what ${name} is for`);
      return `| \`${name}\` | ${roles.join(', ')} | ${purpose} |`;
    }),
  ].join('\n');
}

const BEGINS = { rights: /(<!-- rights: .* -->\n)[\s\S]*?(<!-- end of rights -->)/, functions: /(<!-- functions: .* -->\n)[\s\S]*?(<!-- end of functions -->)/ };

/** `docs/security.md` with both tables as the database has them. */
export async function writeSecurityPage(page: string, sql: Query): Promise<string> {
  const [rights, functions] = [await rightsTable(sql), await definerTable(sql)];
  return page
    .replace(BEGINS.rights, (_all, begins: string, ends: string) => `${begins}\n${rights}\n\n${ends}`)
    .replace(BEGINS.functions, (_all, begins: string, ends: string) => `${begins}\n${functions}\n\n${ends}`);
}
