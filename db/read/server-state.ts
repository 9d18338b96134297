import type { Sql } from '../client.ts';

/** How a PostgreSQL server stands, as any login sees it. `readsOnly`: it is a standby. */
export type ServerState = { version: string; connections: number; maxConnections: number; databaseBytes: number; readsOnly: boolean };

export async function readServerState(sql: Sql): Promise<ServerState> {
  const [row] = await sql<ServerState[]>`
    select current_setting('server_version') as version, current_setting('max_connections')::int as "maxConnections",
           (select sum(numbackends)::int from pg_stat_database) as connections,
           pg_database_size(current_database()) as "databaseBytes", pg_is_in_recovery() as "readsOnly"`;
  if (row === undefined) throw new Error('the server did not tell how it stands');
  return row;
}

/** What would let the role of this connection see more than it should, as sentences; empty where all is well. */
export async function roleDangers(sql: Sql): Promise<string[]> {
  const rows = await sql<{ danger: string }[]>`
    select 'the role ' || rolname || ' is a superuser: row-level security does not bind it' as danger from pg_roles where rolname = current_user and rolsuper
    union all
    select 'the role ' || rolname || ' has BYPASSRLS: row-level security does not bind it' from pg_roles where rolname = current_user and rolbypassrls
    union all
    select 'row-level security is not enforced on the table ' || c.relname
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
    order by 1`;
  return rows.map(({ danger }) => danger);
}

/** Of these rights (`invites: select`), those the role of this connection lacks. A table that is not there lacks none: the schema's state tells. */
export async function missingRights(sql: Sql, needed: readonly (readonly [table: string, right: string])[]): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select n.relation || ': ' || n.privilege as name
    from unnest(${needed.map(([table]) => table)}::text[], ${needed.map(([, right]) => right)}::text[]) as n (relation, privilege)
    where to_regclass('public.' || n.relation) is not null and not has_table_privilege(current_user, to_regclass('public.' || n.relation), n.privilege)`;
  return rows.map(({ name }) => name);
}

/** A table kept in parts by time, and until when (epoch ms) its parts reach; null: it has none yet. */
export type PartitionedTable = { name: string; reachesUntil: number | null };

/** Tables that are partitioned by range of time. */
export async function partitionedTables(sql: Sql): Promise<PartitionedTable[]> {
  const rows = await sql<PartitionedTable[]>`
    select p.relname as name, max(substring(pg_get_expr(c.relpartbound, c.oid) from 'TO [(]''([^'']+)''[)]')::timestamptz) as "reachesUntil"
    from pg_class p left join pg_inherits i on i.inhparent = p.oid left join pg_class c on c.oid = i.inhrelid
    where p.relkind = 'p' and p.relnamespace = 'public'::regnamespace group by p.relname order by p.relname`;
  return [...rows];
}
