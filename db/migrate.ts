import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';

/** Where the named migrations lie; they run in the order of their names. */
export const MIGRATIONS_FOLDER = join(__dirname, 'migrations');
const LOCK_ID = 7_304_221_108;

export type MigrationReport = { applied: string[]; already: number };

/**
 * Brings a database to today's schema, as its owner. Safe when two start at once (an advisory lock lets the second
 * wait and find nothing to do); each file is one transaction; a file that was altered after it ran is refused.
 */
export async function migrate(ownerUrl: string, onApplied: (name: string) => void = () => {}): Promise<MigrationReport> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'flywheel migrate' } });
  try {
    await sql`select pg_advisory_lock(${LOCK_ID})`;
    await sql`create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null)`;
    const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`;
    const known = new Map(rows.map((row) => [row.name, row.checksum]));
    const report: MigrationReport = { applied: [], already: 0 };
    for (const file of (await readdir(MIGRATIONS_FOLDER)).filter((name) => name.endsWith('.sql')).toSorted()) {
      const text = await readFile(join(MIGRATIONS_FOLDER, file), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      if (known.has(file)) {
        if (known.get(file) !== checksum) throw new Error(`migration ${file} was changed after it had been applied; add a new one instead`);
        report.already += 1;
        continue;
      }
      await sql.begin(async (tx) => {
        await tx.unsafe(text);
        await tx`insert into schema_migrations values (${file}, ${checksum}, clock_timestamp())`;
      });
      report.applied.push(file);
      onApplied(file);
    }
    return report;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
