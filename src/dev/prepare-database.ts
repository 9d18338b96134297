import postgres from 'postgres';

const OWNER = 'flywheel_owner';
const MIGRATION_ROLES = ['flywheel_app', 'flywheel_relay', 'flywheel_retention'];
const LOCK_ID = 7_304_221_107;

export type PreparedDatabase = {
  /** URL of the database for its owner, who runs the migrations and may act as the app's and the relay's role. */
  readonly ownerUrl: string;
};

/**
 * Makes what a superuser has to make once: the owner's login (no superuser, bound by row-level security like everyone)
 * and the database `name`. Finds both again the next time, with the owner's password set to the given one.
 * Throws when the URL's user may not create roles and databases.
 */
export async function prepareDatabase(superuserUrl: string, database: { readonly name: string; readonly password: string }): Promise<PreparedDatabase> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'flywheel prepare' } });
  try {
    await sql`select pg_advisory_lock(${LOCK_ID})`;
    const roles = new Set((await sql<{ rolname: string }[]>`select rolname from pg_roles`).map((row) => row.rolname));
    const verb = roles.has(OWNER) ? 'alter' : 'create';
    await sql.unsafe(`${verb} role ${OWNER} login createrole nosuperuser nobypassrls password ${quoteText(database.password)}`);
    for (const role of MIGRATION_ROLES) {
      // Made by another owner of this cluster: the migrations could not take them over.
      if (roles.has(role)) await sql`grant ${sql(role)} to ${sql(OWNER)} with admin option`;
    }
    const existing = await sql`select 1 from pg_database where datname = ${database.name}`;
    if (existing.length === 0) await sql`create database ${sql(database.name)} owner ${sql(OWNER)}`;
    return { ownerUrl: urlFor(superuserUrl, database) };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function urlFor(superuserUrl: string, database: { readonly name: string; readonly password: string }): string {
  const url = new URL(superuserUrl);
  url.username = OWNER;
  url.password = encodeURIComponent(database.password);
  url.pathname = `/${database.name}`;
  return url.href;
}

/** A role's password cannot be sent as a parameter. */
function quoteText(text: string): string {
  if (text.includes('\0') || text.includes('\\')) throw new Error('a database password may hold neither a backslash nor a NUL');
  return `'${text.replaceAll("'", "''")}'`;
}
