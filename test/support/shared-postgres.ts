import { rmSync } from 'node:fs';
import postgres from 'postgres';
import { migrate } from '../../db/migrate.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { prepareDatabase } from '../../src/dev/prepare-database.ts';
import { makeDataFolder } from './data-folder.ts';
import { tellTestServer, TEMPLATE_DATABASE } from './test-server-urls.ts';

type SharedPostgres = { readonly url: string; users: number; stop(): Promise<void> };

declare global {
  /** Projects of one jest run share the server; jest loads each project's set-up file apart, so it is kept here. */
  var flywheelTestPostgres: Promise<SharedPostgres> | undefined;
}

/** Starts the one server of this test run, or joins it: an owner who is no superuser, and a migrated template. */
export async function joinSharedPostgres(): Promise<void> {
  globalThis.flywheelTestPostgres ??= startShared();
  (await globalThis.flywheelTestPostgres).users += 1;
}

/** The last user stops the server. Throws when a test file has left its database behind. */
export async function leaveSharedPostgres(): Promise<void> {
  const shared = await globalThis.flywheelTestPostgres;
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  const left = await databasesLeft(shared.url);
  await shared.stop();
  if (left > 0) throw new Error(`${left} test databases were left behind: a test file lacks "afterAll(() => database.drop())"`);
}

async function startShared(): Promise<SharedPostgres> {
  const dir = makeDataFolder();
  const server = await startPostgres({ dir, throwaway: true });
  try {
    const { ownerUrl } = await prepareDatabase(server.url, { name: TEMPLATE_DATABASE, password: 'test' });
    await migrate(ownerUrl);
    tellTestServer({ superuserUrl: server.url, ownerUrl });
  } catch (error) {
    await server.stop();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: server.url, users: 0, stop };
}

async function databasesLeft(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return (await sql`select 1 from pg_database where datname like 'test\\_%'`).length;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
