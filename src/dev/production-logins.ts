import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { serviceOf } from './production-programs.ts';
import type { Stage } from './production-programs.ts';

/** What the containers do: PostgreSQL's makes the database, psql runs the mounted file with the settings of PGOPTIONS. */
export async function makeLogins(stage: Stage, superuserUrl: string): Promise<void> {
  const { environment } = serviceOf(stage, 'logins');
  const database = environment['PGDATABASE'] ?? '';
  await asSuperuser(superuserUrl, {}, (sql) => sql`create database ${sql(database)}`);
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  const settings: Record<string, string> = {};
  for (const [, name = '', value = ''] of (environment['PGOPTIONS'] ?? '').matchAll(/-c (\S+)=(\S+)/g)) settings[name] = value;
  const statements = readFileSync(join(dirname(stage.options.composeFile), stage.compose.configs['logins']?.file ?? ''), 'utf8');
  await asSuperuser(url.href, settings, (sql) => sql.unsafe(statements));
}

async function asSuperuser(url: string, settings: Readonly<Record<string, string>>, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { ...settings, application_name: 'flywheel logins' } });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
