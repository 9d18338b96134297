import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { seedLawAt } from './write/seed-law.ts';

/** Where the named migrations lie; they run in the order of their names. */
export const MIGRATIONS_FOLDER = join(__dirname, 'migrations');
const LOCK_ID = 7_304_221_108;

export type MigrationReport = { applied: string[]; already: number };

/** How far ahead months are made; the daily retention run makes as many. */
const MONTHS_AHEAD = 3;
const MAKE_TRIES = 40;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Brings a database to today's schema, as its owner. Safe when two start at once (an advisory lock lets the second
 * wait and find nothing to do); each file is one transaction; a file that was altered after it ran is refused. Also makes
 * the partitions of this month and the next ones, where they are missing, and puts the edition of the law that comes with
 * this program in force where there is none or an older one.
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
    await makeMonths(sql);
    await seedLawAt(ownerUrl);
    return report;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The function gives up after a moment rather than hold up those who write: beside a busy product it is asked again. */
async function makeMonths(sql: postgres.Sql): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await sql`select make_month_partitions(clock_timestamp(), clock_timestamp() + make_interval(months => ${MONTHS_AHEAD}))`;
      return;
    } catch (error) {
      if (tries === MAKE_TRIES || !(error instanceof postgres.PostgresError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    }
  }
}
