import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { makeId } from '../../src/domain/ids.ts';
import { fillEveryTable } from './support/sample-rows.ts';

const A = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
const B = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(2));
/** What happened, happened: kept as it was written. */
const APPEND_ONLY = ['consents', 'decisions', 'events', 'landing_answers', 'ledger_blocks', 'program_versions', 'receipts', 'touches', 'transfers'];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await fillEveryTable(database.superuser, [A, B]);
});
afterAll(() => database.drop());

test('the relay may read what is due and take from the outbox: ids, lanes and instants, no content', async () => {
  const rows = await database.superuser<{ name: string; rights: string }[]>`
    select c.relname as name, string_agg(distinct lower(p.privilege_type) || ' ' || p.column_name, ', ' order by lower(p.privilege_type) || ' ' || p.column_name) as rights
    from information_schema.column_privileges p join pg_class c on c.oid = p.table_name::regclass
    where p.grantee = 'flywheel_relay' group by 1 order by 1`;
  expect(Object.fromEntries(rows.map((row) => [row.name, row.rights]))).toEqual({
    attempts: 'select claimed_at, select closed_at, select fenced_at, select id, select lane, select tenant_id',
    batch_lanes: 'select batch_id, select channel, select lane, select next_due_at, select tenant_id',
    billing_events: 'select received_at',
    breakers: 'select closed_at, select open_until, select opened_at, select provider',
    embed_tokens: 'select expires_at',
    explain_links: 'select expires_at',
    feed_items: 'select created_at',
    prompts: 'select id',
    hard_stops: 'select channel, select tenant_id',
    idempotency: 'select created_at',
    import_rows: 'select import_id',
    imports: 'select finished_at, select id, select moved_at, select state, select tenant_id',
    invite_batches: 'select expires_at, select id, select program_id, select tenant_id',
    lanes: 'select held_until, select lane, select tenant_id',
    member_caps: 'select bucket',
    outbox: 'insert created_at, insert kind, insert lane, insert payload, insert tenant_id, select created_at, select id, select kind, select lane, select payload, select tenant_id, select traceparent, update id',
    preview_links: 'select expires_at',
    programs: 'select id, select paused_at',
    provider_events: 'select recorded_at',
    rate_buckets: 'select full_at_us',
    report_mails: 'select queued_at',
    report_recipients: 'select confirmed_at, select removed_at, select tenant_id, select unsubscribed_at',
    report_schedules: 'insert look_at, insert tenant_id, select held_until, select look_at, select tenant_id, select zone, update held_until, update look_at, update zone',
    run_private: 'select run_id, select tenant_id',
    runs: 'select closed_at, select due_at, select generation, select id, select input, select lives_lost, select loop, select opened_at, select rests_until, select seen_at, select stage, select tenant_id, update generation, update lives_lost, update rests_until, update seen_at',
    tenants: 'select id, select paused_at, select zone',
    webhook_deliveries: 'select due_at, select tenant_id',
    webhook_endpoints: 'select deleted_at',
    webhook_events: 'select id',
  });
});

test('the relay changes nothing, and takes only from the outbox, from what has expired and from what it keeps of Schedules itself', async () => {
  const rows = await database.superuser<{ right: string }[]>`
    select table_name || ' ' || lower(privilege_type) as right from information_schema.table_privileges
    where grantee = 'flywheel_relay' and privilege_type <> 'SELECT' order by 1`;
  expect(rows.map((row) => row.right)).toEqual(['billing_events delete', 'embed_tokens delete', 'explain_links delete', 'feed_items delete', 'idempotency delete', 'import_rows delete', 'imports delete', 'member_caps delete', 'outbox delete', 'preview_links delete', 'prompts delete', 'provider_events delete', 'rate_buckets delete', 'report_mails delete', 'report_recipients delete', 'report_schedules delete', 'run_private delete', 'webhook_endpoints delete', 'webhook_events delete']);
});

test('the relay works for all tenants at once', async () => {
  const owners = await database.relay.sql<{ owner: string }[]>`
    select tenant_id as owner from outbox union select tenant_id from invite_batches union select id from tenants order by 1`;
  expect(owners.map((row) => row.owner)).toEqual([A, B]);
});

test.each(APPEND_ONLY)('the app can add to %s, never change or remove what is there', async (table) => {
  const [rights] = await database.superuser`
    select has_table_privilege('flywheel_app', ${table}, 'insert') as insert, has_any_column_privilege('flywheel_app', ${table}, 'update') as update,
      has_table_privilege('flywheel_app', ${table}, 'delete') as delete, has_table_privilege('flywheel_app', ${table}, 'truncate') as truncate`;
  expect(rights).toEqual({ insert: true, update: false, delete: false, truncate: false });
  await expect(database.app.asTenant(A, ({ sql }) => sql`update ${sql(table)} set tenant_id = tenant_id`)).rejects.toThrow('permission denied');
  await expect(database.app.asTenant(A, ({ sql }) => sql`delete from ${sql(table)}`)).rejects.toThrow('permission denied');
});

test('a month of a table grants the app what the table grants, no more', async () => {
  const rows = await database.superuser<{ parent: string; leaf: string; rights: string[]; of_parent: string[] }[]>`
    select p.parent, p.leaf, array(select acl::text from unnest(c.relacl) acl where acl::text not like 'flywheel_owner=%' order by 1) as rights,
      array(select acl::text from unnest(t.relacl) acl where acl::text not like 'flywheel_owner=%' order by 1) as of_parent
    from month_partitions() p join pg_class c on c.relname = p.leaf join pg_class t on t.relname = p.parent`;
  expect(rows.length).toBeGreaterThanOrEqual(3 * 5);
  expect(rows.filter(({ rights, of_parent: whole }) => JSON.stringify(rights) !== JSON.stringify(whole))).toEqual([]);
  expect(rows.filter(({ rights }) => JSON.stringify(rights) !== '["flywheel_app=ar/flywheel_owner"]')).toEqual([]);
});

const RETENTION = ['begin_retention', 'drop_month_partition', 'finish_retention', 'forget_network_data', 'make_month_partitions', 'months_over', 'remove_rows_over'];

test('retention reads and changes no table by itself; it may execute the functions that decide, and nobody else may', async () => {
  const tables = await database.superuser`
    select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
      and (has_any_column_privilege('flywheel_retention', c.oid, 'select, insert, update') or has_table_privilege('flywheel_retention', c.oid, 'delete, truncate'))`;
  expect([...tables]).toEqual([]);
  const functions = await database.superuser<{ name: string; roles: string[] }[]>`
    select p.proname as name, array(select r from unnest('{flywheel_app,flywheel_relay,flywheel_retention}'::text[]) r where has_function_privilege(r, p.oid, 'execute')) as roles
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`;
  expect(functions.filter(({ roles }) => roles.includes('flywheel_retention')).map(({ name }) => name)).toEqual(RETENTION);
  expect(functions.filter(({ name, roles }) => RETENTION.includes(name) && roles.length > 1)).toEqual([]);
  await expect(database.retention.sql`select accept_retention_time('2031-01-01')`).rejects.toThrow('permission denied');
});

test('the app makes neither tenants nor keys, and cannot bring a revoked key back', async () => {
  for (const statement of ['insert into tenants select * from tenants', 'insert into api_keys select * from api_keys', 'update api_keys set revoked_at = null', 'delete from api_keys']) {
    await expect(database.app.asTenant(A, ({ sql }) => sql.unsafe(statement))).rejects.toThrow('permission denied');
  }
});

test('a role of the product can neither change the schema nor become its owner', async () => {
  for (const { sql } of [database.app, database.relay]) {
    await expect(sql`create table mine (x integer)`).rejects.toThrow('permission denied');
    await expect(sql`alter table invites disable row level security`).rejects.toThrow('must be owner');
  }
});
