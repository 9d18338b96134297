import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openDatabase } from '../../db/client.ts';
import type { Database, Sql } from '../../db/client.ts';
import { readTestServer, TEMPLATE_DATABASE } from './test-server-urls.ts';

/** A database of its own for one test file, migrated to today's schema and empty. */
export type TestDatabase = {
  /** The owner's login: for what takes a URL (a migration, a worker of its own). The roles below are reached by `SET ROLE`. */
  readonly ownerUrl: string;
  /** As the API and the worker: row-level security, one tenant a transaction. */
  readonly app: Database;
  /** As the relay. */
  readonly relay: Database;
  /** As what removes what is over. */
  readonly retention: Database;
  /** As the owner, who makes tenants and keys; bound by row-level security too. */
  readonly owner: Sql;
  /** Sees and changes everything: for looking at what is really stored, and for arranging what no role may do. */
  readonly superuser: Sql;
  /** Closes the pools and removes the database. Throws when the tests left a connection open. */
  drop(): Promise<void>;
};

/** Opens a fresh copy of the migrated template. Call `drop` in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  return openCopyOf(TEMPLATE_DATABASE);
}

/** The same without a single table: for tests of the migrations themselves. */
export async function openEmptyTestDatabase(): Promise<TestDatabase> {
  return openCopyOf('template1');
}

async function openCopyOf(template: string): Promise<TestDatabase> {
  const server = readTestServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(async (sql) => {
    await sql`create database ${sql(name)} template ${sql(template)} owner flywheel_owner`;
  });
  const ownerUrl = withDatabase(server.ownerUrl, name);
  const app = openDatabase({ url: ownerUrl, role: 'flywheel_app', name: 'test app' });
  const relay = openDatabase({ url: ownerUrl, role: 'flywheel_relay', name: 'test relay' });
  const retention = openDatabase({ url: ownerUrl, role: 'flywheel_retention', max: 2, name: 'test retention' });
  const owner = openDatabase({ url: ownerUrl, max: 4, name: 'test owner' });
  const superuser = openDatabase({ url: withDatabase(server.superuserUrl, name), max: 4, name: 'test superuser' });
  return {
    ...{ ownerUrl, app, relay, retention, owner: owner.sql, superuser: superuser.sql },
    async drop() {
      await Promise.all([app, relay, retention, owner, superuser].map((database) => database.close()));
      const left = await onServer(async (sql) => {
        const open = await connectionsLeft(sql, name);
        await sql`drop database ${sql(name)} with (force)`;
        return open;
      });
      if (left.length > 0) throw new Error(`this test file left database connections open: ${left.join(', ')}`);
    },
  };
}

/** A closed socket takes the server a moment to notice: what is still there after a second was never closed. */
async function connectionsLeft(sql: postgres.Sql, name: string): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const rows = await sql<{ name: string }[]>`select application_name as name from pg_stat_activity where datname = ${name}`;
    if (rows.length === 0 || attempt === 40) return rows.map((row) => row.name);
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

async function onServer<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(readTestServer().superuserUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'test support' } });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
