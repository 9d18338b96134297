import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { findFreePort, LOOPBACK, returnPort } from './free-port.ts';
import { lastLines, startGuarded } from './guarded-program.ts';
import type { GuardedProgram } from './guarded-program.ts';
import { clearLeftover } from './pid-file.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { CLEAN_ENVIRONMENT, dataFolderFor, ensureCluster, SUPERUSER } from './postgres-cluster.ts';
import { choosePostgresUser } from './postgres-user.ts';
import type { RunAs } from './postgres-user.ts';
import { silent } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { becomesReady } from './until-ready.ts';

export type PostgresOptions = {
  /** Holds the data, the password, the log. Made when missing. */
  readonly dir: string;
  /** Preferred port; a free one is taken when it is in use. */
  readonly port?: number;
  /** For tests: nothing waits for the disk, and a power cut may cost the data. */
  readonly throwaway?: boolean;
  readonly onProgress?: OnProgress;
};

export type RunningPostgres = {
  /** Superuser's URL of the database `postgres`, password included. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the server is gone, within 4.5 s. */
  stop(): Promise<void>;
};

const STOP_GRACE_MS = 4000;
const ATTEMPTS = 4;

const COMMON_SETTINGS = [
  `listen_addresses=${LOOPBACK}`,
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
  'logging_collector=off',
  'log_destination=stderr',
];
const THROWAWAY_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=600', 'max_wal_size=1GB'];

type Server = { readonly binaries: PostgresBinaries; readonly runAs: RunAs; readonly dataDir: string; readonly options: PostgresOptions; readonly logFile: string };

function launch(server: Server, port: number): Promise<GuardedProgram> {
  const throwaway = server.options.throwaway === true;
  const settings = [...COMMON_SETTINGS, ...(throwaway ? THROWAWAY_SETTINGS : []), `port=${port}`];
  return startGuarded({
    what: 'PostgreSQL',
    command: server.binaries.postgres,
    args: ['-D', dataFolderFor(server.dataDir, server.runAs), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: server.dataDir,
    env: CLEAN_ENVIRONMENT,
    logFile: server.logFile,
    pidFile: join(server.options.dir, 'postgres.pid'),
    // SIGINT is PostgreSQL's fast shutdown (sessions are cut, data written), SIGQUIT its immediate one (nothing is written).
    stopSignal: throwaway ? 'SIGQUIT' : 'SIGINT',
    graceMs: STOP_GRACE_MS,
    ...server.runAs,
  });
}

/** Resolves true when the server answers a query. */
function answers(url: string, program: GuardedProgram): Promise<boolean> {
  return becomesReady(program, {
    everyMs: 30,
    async ask() {
      const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
      try {
        await sql`select 1`;
      } finally {
        await sql.end({ timeout: 1 });
      }
    },
  });
}

/**
 * Starts a PostgreSQL of our own on the loopback interface, made on first use (UTF-8, the same text order on every
 * machine, password by SCRAM). It stops with this process, however that ends, and recovers after a crash.
 * Throws with a message to act on when it cannot: no binaries for this machine, folder in use, no user to run as.
 */
export async function startPostgres(givenOptions: PostgresOptions): Promise<RunningPostgres> {
  const options = { ...givenOptions, dir: resolve(givenOptions.dir) };
  const onProgress = options.onProgress ?? silent;
  const logFile = join(options.dir, 'postgres.log');
  mkdirSync(options.dir, { recursive: true });
  await clearLeftover(join(options.dir, 'postgres.pid'), 'PostgreSQL', 'SIGINT', STOP_GRACE_MS);
  const runAs = choosePostgresUser(join(options.dir, 'data'));
  const binaries = findPostgresBinaries(runAs);
  onProgress('postgres', 'starting');
  const { dataDir, password } = await ensureCluster(binaries, { dir: options.dir, logFile, throwaway: options.throwaway === true }, runAs);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = await findFreePort(options.port, (text) => onProgress('postgres', text));
    const url = `postgres://${SUPERUSER}:${password}@${LOOPBACK}:${port}/postgres`;
    const program = await launch({ binaries, runAs, dataDir, options, logFile }, port);
    if (await answers(url, program)) {
      program.unref();
      onProgress('postgres', `ready on port ${port}`);
      return { url, port, stop: () => program.stop() };
    }
    await program.stop();
    returnPort(port);
    // Somebody else took the port in between, or a killed server's last process still holds the shared memory: once more.
    await new Promise((wake) => setTimeout(wake, 250 * attempt));
  }
  throw new Error(`The embedded PostgreSQL does not start. Its log (${logFile}) ends with:\n${lastLines(logFile)}`);
}
