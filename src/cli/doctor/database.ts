import { missingRights, partitionedTables, readServerState, roleDangers } from '../../../db/read/server-state.ts';
import { readMigrationState } from '../../../db/read/migration-state.ts';
import type { Sql } from '../../../db/client.ts';
import type { Context } from '../context.ts';
import { sayFailure } from '../say-failure.ts';
import { ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';

const CROWDED = 0.85;
const PARTITIONS_AHEAD_MS = 7 * 24 * 3_600_000;

/** What each role cannot do without; a right that was taken away shows here before it shows in the night. */
const APP_NEEDS = [['invites', 'select'], ['invites', 'insert'], ['invites', 'update'], ['invite_batches', 'update'], ['messages', 'insert'], ['attempts', 'insert'],
  ['lanes', 'update'], ['decisions', 'insert'], ['outbox', 'insert'], ['contacts', 'select'], ['links', 'insert']] as const;
const RELAY_NEEDS = [['outbox', 'select'], ['outbox', 'delete']] as const;

/** Is PostgreSQL there, and may its roles do what they must, and no more? `isThere` false: nothing else can be asked of it. */
export async function checkDatabase(context: Context): Promise<{ isThere: boolean; findings: Finding[] }> {
  const app = await tryRole('flywheel_app (API, worker)', async () => {
    const { sql } = context.app();
    const state = await readServerState(sql);
    return [...serverFindings(state), ...(await rightsFindings(sql, 'flywheel_app', APP_NEEDS))];
  });
  if (!app.isThere) return app;
  const relay = await tryRole('flywheel_relay', async () => rightsFindings(context.relay().sql, 'flywheel_relay', RELAY_NEEDS));
  return { isThere: relay.isThere, findings: [...app.findings, ...relay.findings] };
}

/** Is the database's schema the one this code was written for? */
export async function checkSchema(context: Context): Promise<Finding[]> {
  const { sql } = context.app();
  const { applied, pending, altered, unknown } = await readMigrationState(sql);
  const now = await context.now(sql);
  const short = (await partitionedTables(sql)).filter(({ reachesUntil }) => reachesUntil === null || reachesUntil < now + PARTITIONS_AHEAD_MS);
  return [
    ...(pending.length > 0 ? [problem('schema', `Migrations are missing: ${pending.join(', ')}.`, 'npx flywheel migrate')] : []),
    ...(altered.length > 0 ? [problem('schema', `Migrations were changed after they had been applied: ${altered.join(', ')}.`, 'Put the files back as they were; a change is a new migration.')] : []),
    ...(unknown.length > 0 ? [problem('schema', `The database has migrations of a newer version: ${unknown.join(', ')}.`, 'Use that version; this one is too old for this database.')] : []),
    ...(pending.length + altered.length + unknown.length === 0 ? [ok('schema', `All ${String(applied.length)} migrations are applied, as they stand here.`)] : []),
    ...(short.length > 0 ? [problem('schema', `Partitions do not reach a week ahead: ${short.map(({ name }) => name).join(', ')}.`, 'npx flywheel migrate makes them now; see in the Temporal UI (Schedules, retention) why its daily run does not.')] : []),
  ];
}

async function tryRole(role: string, check: () => Promise<Finding[]>): Promise<{ isThere: boolean; findings: Finding[] }> {
  try {
    return { isThere: true, findings: await check() };
  } catch (error) {
    const { message, todo } = sayFailure(error);
    return { isThere: false, findings: [problem('PostgreSQL', `As ${role}: ${message}`, todo)] };
  }
}

function serverFindings({ version, connections, maxConnections, databaseBytes, readsOnly }: Awaited<ReturnType<typeof readServerState>>): Finding[] {
  const used = `${String(connections)} of ${String(maxConnections)} connections are used`;
  return [
    readsOnly
      ? problem('PostgreSQL', 'This server is a standby: it only reads.', 'Name the primary in DATABASE_URL.')
      : ok('PostgreSQL', `Answers: version ${version}, ${String(Math.round(databaseBytes / 1_048_576))} MiB, ${used}.`),
    ...(connections > maxConnections * CROWDED ? [problem('PostgreSQL', `It is nearly full: ${used}.`, 'Raise max_connections, or close what is not needed; API and worker take up to 20 each.')] : []),
    ...(Number.parseInt(version, 10) < 15 ? [problem('PostgreSQL', `Version ${version} is too old.`, 'Use PostgreSQL 15 or newer.')] : []),
  ];
}

async function rightsFindings(sql: Sql, role: string, needs: readonly (readonly [string, string])[]): Promise<Finding[]> {
  const [dangers, missing] = [await roleDangers(sql), await missingRights(sql, needs)];
  return [
    ...dangers.map((danger) => problem('PostgreSQL', `${danger.charAt(0).toUpperCase()}${danger.slice(1)}.`, 'Take it away (alter role … nosuperuser nobypassrls; alter table … force row level security): tenants could see each other.')),
    ...(missing.length > 0 ? [problem('PostgreSQL', `The role ${role} lacks rights: ${missing.join(', ')}.`, 'npx flywheel migrate; if nothing is missing there, grant what was revoked by hand.')] : []),
    ...(dangers.length + missing.length === 0 ? [ok('PostgreSQL', `The role ${role} may do what it must, and is bound by row-level security.`)] : []),
  ];
}
