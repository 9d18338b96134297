import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { openDatabase } from '../../db/client.ts';
import type { DatabaseRole } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import type { RunningPostgres } from '../../src/dev/postgres.ts';

/** Logins belong to a whole server: this file has one of its own. */
const dir = mkdtempSync(join(tmpdir(), 'flywheel-logins-'));
const LOGINS = readFileSync(join(__dirname, '../../db/logins.sql'), 'utf8');
const first = { owner: 'first-owner-password', api: "first 'api' password", worker: 'first-worker-password', relay: 'first-relay-password', temporal: 'first-temporal-password' };

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres({ dir, throwaway: true });
  const sql = postgres(server.url, { max: 1 });
  await sql`create database flywheel`;
  await sql.end();
  await makeLogins(first);
  await migrate(urlOf('flywheel_owner', first.owner));
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

function urlOf(login: string, password: string, database = 'flywheel'): string {
  return `postgres://${login}:${encodeURIComponent(password)}@127.0.0.1:${String(server.port)}/${database}`;
}

/** As psql would with these settings in PGOPTIONS. */
async function makeLogins(passwords: Readonly<Record<string, string>>): Promise<void> {
  const connection = Object.fromEntries(Object.entries(passwords).map(([name, password]) => [`logins.${name}`, password]));
  const url = new URL(server.url);
  url.pathname = '/flywheel';
  const sql = postgres(url.href, { max: 1, onnotice: () => {}, connection });
  try {
    await sql.unsafe(LOGINS);
  } finally {
    await sql.end();
  }
}

async function as<T>(url: string, work: (sql: postgres.Sql) => Promise<T>, role?: DatabaseRole): Promise<T> {
  const database = openDatabase({ url, max: 1, ...(role === undefined ? {} : { role }) });
  try {
    return await work(database.sql);
  } finally {
    await database.close();
  }
}

const ROLES = ['flywheel_app', 'flywheel_relay', 'flywheel_retention'];

test.each([
  ['flywheel_api', first.api, 'flywheel_app', []],
  ['flywheel_worker', first.worker, 'flywheel_app', ['flywheel_retention']],
  ['flywheel_outbox', first.relay, 'flywheel_relay', []],
] as const)(
  '%s acts as its role and cannot become another or change the schema',
  async (login, password, role, also) => {
    await as(urlOf(login, password), async (sql) => {
      const [who] = await sql`select session_user::text as login, current_user::text as role`;
      expect(who).toEqual({ login, role });
      for (const other of also) await sql`set role ${sql(other)}`;
      const its: readonly string[] = [role, ...also];
      for (const other of [...ROLES, 'flywheel_owner', 'postgres'].filter((name) => !its.includes(name))) {
        await expect(sql`set role ${sql(other)}`).rejects.toThrow('permission denied to set role');
      }
      await sql`reset role`;
      await expect(sql`create table mine (n int)`).rejects.toThrow('permission denied for schema public');
      await expect(sql`create role mine`).rejects.toThrow('permission denied to create role');
    }, role);
  },
);

test('the API sees a migrated schema, and no tenant without saying which', async () => {
  await as(urlOf('flywheel_api', first.api), async (sql) => {
    expect((await sql`select name from schema_migrations`).length).toBeGreaterThan(5);
    expect(await sql`select id from members`).toEqual([]);
    await expect(sql`select id from outbox`).rejects.toThrow('permission denied');
  }, 'flywheel_app');
});

test('Temporal makes databases of its own and has no way into this one', async () => {
  await expect(as(urlOf('temporal', first.temporal), (sql) => sql`select 1`)).rejects.toThrow('permission denied for database "flywheel"');
  await as(urlOf('temporal', first.temporal, 'postgres'), (sql) => sql`create database temporal`);
});

test('run again it changes the passwords and nothing else', async () => {
  const second = { ...first, api: 'second-api-password' };
  await makeLogins(second);
  await expect(as(urlOf('flywheel_api', first.api), (sql) => sql`select 1`)).rejects.toThrow('password authentication failed');
  await as(urlOf('flywheel_api', second.api), (sql) => sql`select 1 from members`, 'flywheel_app');
  expect((await migrate(urlOf('flywheel_owner', first.owner))).applied).toEqual([]);
  await makeLogins(first);
});

test('a short password is refused, a missing one too, and Temporal\'s may be left out', async () => {
  await expect(makeLogins({ ...first, relay: 'short' })).rejects.toThrow('the password of flywheel_outbox has fewer than 16 characters');
  await expect(makeLogins({ owner: first.owner, api: first.api, worker: first.worker })).rejects.toThrow('logins.relay');
  const { temporal: _temporal, ...flywheel } = first;
  await makeLogins(flywheel);
});
