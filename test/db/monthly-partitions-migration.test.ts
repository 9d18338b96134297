import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, MIGRATIONS_FOLDER } from '../../db/migrate.ts';
import { openEmptyTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const CONVERTS = '0013_monthly_partitions.sql';
const T = 'tnt_01ksr49200081040g2081040g2';

let database: TestDatabase;
afterEach(() => database.drop());

/** A database as it was before that migration, as its owner made it. */
async function migrateUntil(name: string): Promise<void> {
  const { owner } = database;
  await owner`create table schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null)`;
  for (const file of readdirSync(MIGRATIONS_FOLDER).filter((each) => each.endsWith('.sql') && each < name).toSorted()) {
    const text = readFileSync(join(MIGRATIONS_FOLDER, file), 'utf8');
    await owner.unsafe(text);
    await owner`insert into schema_migrations values (${file}, ${createHash('sha256').update(text).digest('hex')}, '2026-11-01')`;
  }
}

test('what was stored before months came is all there after, each row in its month, nothing lost and nothing altered', async () => {
  database = await openEmptyTestDatabase();
  await migrateUntil(CONVERTS);
  await database.superuser.unsafe(`
    insert into tenants (id, name, from_address, from_name, postal_address, zone, public_url, allowed_destinations, send_rules, created_at)
      values ('${T}', 'Kite', 'a@kite.example', 'Kite', '1 Beach Road, Town', 'UTC', 'https://f.example', '{}', '{}', '2024-01-01');
    insert into programs (id, tenant_id, loop, title, channel, created_at, updated_at) values ('prg_1', '${T}', 'invite', 'T', 'email', '2024-01-01', '2024-01-01');
    insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values ('prg_1', 1, '${T}', 'T', '{}', '2024-01-01');
    insert into invite_batches (id, tenant_id, program_id, program_version, channel, lane, invite_count, expires_at, created_at) values ('bat_1', '${T}', 'prg_1', 1, 'email', 'email-0', 1, '2024-03-01', '2024-01-01');
    insert into invites (batch_id, n, tenant_id, state) values ('bat_1', 0, '${T}', 'refused');
    insert into links (code, tenant_id, kind, destination, created_at) values ('codecodecode', '${T}', 'share', 'https://k.example', '2024-01-01');
    insert into touches (id, tenant_id, code, kind, counted, visitor_id, ip_hash, agent_class, at)
      select 'tch_' || d, '${T}', 'codecodecode', 'click', true, 'v' || d, decode(md5(d::text), 'hex'), 'ios', '2024-02-01'::timestamptz + d * interval '12 hours' from generate_series(1, 100) d;
    insert into touches (id, tenant_id, code, kind, counted, agent_class, at) values ('tch_late', '${T}', 'codecodecode', 'view', true, 'app', '2021-05-05');
    insert into events (tenant_id, event_id, type, touch_id, code, occurred_at, received_at) values ('${T}', 'e1', 'link_viewed', 'tch_late', 'codecodecode', '2021-05-05', '2024-04-04'), ('${T}', 'e2', 'signed_up', 'tch_1', null, '2024-04-05', '2024-04-05');
    insert into receipts (id, tenant_id, batch_id, n, step, kind, provider_event_id, at, recorded_at) values ('rcp_1', '${T}', 'bat_1', 0, 0, 'delivered', 'esp-1', '2019-01-01', '2024-02-29 23:59:59.999999+00'), ('rcp_2', '${T}', 'bat_1', 0, 0, 'bounced', null, '2024-03-01', '2024-03-01');
    insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at) values ('dec_1', '${T}', 'bat_1', '{0}', 'refused', 'r', '{"a":1}', 'key_1', '2024-12-31 23:59:59.999+00');`);
  const all = async () => ({
    touches: await database.superuser`select to_jsonb(t) - 'recorded_at' as row from touches t order by id`,
    receipts: await database.superuser`select to_jsonb(t) - 'channel' as row from receipts t order by id`,
    decisions: await database.superuser`select to_jsonb(t) as row from decisions t where id = 'dec_1'`,
    events: await database.superuser`select to_jsonb(t) - 'detail' as row from events t order by event_id`,
  });
  const before = await all();

  const { applied } = await migrate(database.ownerUrl);

  expect(applied[0]).toBe(CONVERTS);
  expect(await all()).toEqual(before);
  const [where] = await database.superuser`
    select (select tableoid::regclass::text from touches where id = 'tch_late') as late, (select count(distinct tableoid)::int from touches where kind = 'click') as months,
      (select string_agg(tableoid::regclass::text, ' ' order by id) from receipts) as receipts, (select tableoid::regclass::text from decisions where id = 'dec_1') as decision,
      (select count(*)::int from touches_default) as in_default, (select count(*)::int from touches where kind = 'click' and recorded_at <> at) as changed`;
  expect(where).toEqual({ late: 'touches_2024_04', months: 2, receipts: 'receipts_2024_02 receipts_2024_03', decision: 'decisions_2024_12', in_default: 0, changed: 0 });
  expect([...(await database.superuser`select provider_event_id as event from provider_events`)]).toEqual([{ event: 'esp-1' }]);
  const [kept] = await database.superuser`select retention_months as months, (select relforcerowsecurity from pg_class where relname = 'events') as forced from tenants`;
  expect(kept).toEqual({ months: 36, forced: true });
});
