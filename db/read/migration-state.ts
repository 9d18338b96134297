import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../client.ts';
import { MIGRATIONS_FOLDER } from '../migrate.ts';

/** How a database's schema stands to this code's migrations; names of files. */
export type MigrationState = {
  applied: string[];
  /** Here and not yet there: `migrate` would apply them, in this order. */
  pending: string[];
  /** Applied with another text than the file has now. */
  altered: string[];
  /** Applied and not here: the database was migrated by a newer version of this program. */
  unknown: string[];
};

/** Compares the migrations that were applied with the files. Changes nothing; an empty database has all of them pending. */
export async function readMigrationState(sql: Sql): Promise<MigrationState> {
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((name) => name.endsWith('.sql')).toSorted();
  const known = new Map(await appliedRows(sql));
  const altered: string[] = [];
  for (const file of files.filter((name) => known.has(name))) {
    const checksum = createHash('sha256').update(await readFile(join(MIGRATIONS_FOLDER, file), 'utf8')).digest('hex');
    if (known.get(file) !== checksum) altered.push(file);
  }
  return {
    applied: files.filter((name) => known.has(name)),
    pending: files.filter((name) => !known.has(name)),
    altered,
    unknown: [...known.keys()].filter((name) => !files.includes(name)).toSorted(),
  };
}

async function appliedRows(sql: Sql): Promise<[name: string, checksum: string][]> {
  const [there] = await sql<{ there: boolean }[]>`select to_regclass('public.schema_migrations') is not null as there`;
  if (there?.there !== true) return [];
  const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`;
  return rows.map(({ name, checksum }) => [name, checksum]);
}
