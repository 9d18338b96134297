import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase, type Database } from '../../../db/client.ts';
import { migrate } from '../../../db/migrate.ts';
import { makeSecret, systemEnv } from '../../../src/config/env.ts';
import { findFreePort } from '../../../src/dev/free-port.ts';
import { startPostgres } from '../../../src/dev/postgres.ts';
import { prepareDatabase } from '../../../src/dev/prepare-database.ts';
import type { RoleName } from '../../../src/dev/roles.ts';
import { startBenchChild, startBenchRole, type BenchChild } from './bench-child.ts';
import type { TemporalServer } from './temporal-server.ts';
import { cpuMs, type CpuMs } from './cpu.ts';

export type Channel = 'no-op' | 'smtp';

/** The real product and what the references need, up and running. */
export type BenchStack = {
  readonly apiUrl: string;
  readonly temporal: Pick<TemporalServer, 'address' | 'namespace' | 'kind'>;
  /** Every role's, of the product's database. */
  readonly superuser: Database;
  readonly owner: Database;
  readonly ownerUrl: string;
  /** For references: the same server, as superuser. */
  readonly superuserUrl: string;
  readonly api: BenchChild;
  readonly relay: BenchChild;
  readonly sink: BenchChild;
  readonly sinkUrl: string;
  readonly logDir: string;
  readonly connections: number;
  /** What the product's programs are started with. */
  readonly env: Readonly<Record<string, string>>;
  /** The worker whose messages leave by this channel; another one is stopped first. */
  worker(channel: Channel): Promise<BenchChild>;
  /** Stops the worker that runs and starts it anew. */
  restartWorker(): Promise<BenchChild>;
  stopWorker(): Promise<void>;
  /** One more of the product's roles, with other settings. */
  startRole(role: RoleName, env: Readonly<Record<string, string>>): Promise<BenchChild>;
  /** A program of a reference; it ends with the stack. */
  startReference(script: string, env: Readonly<Record<string, string>>, args?: readonly string[]): Promise<BenchChild>;
  cpu(): CpuMs;
  /** Bytes of write-ahead log between two looks. */
  walBytes(): Promise<number>;
  close(): Promise<void>;
};

export type BenchStackOptions = { startTemporal: (place: { dir: string; postgresUrl: string; postgresPort: number }) => Promise<TemporalServer>; say(line: string): void };

const DATABASE = 'flywheel';
const CONNECTIONS = 10;

/** Starts PostgreSQL as `npm start` does (it waits for the disk), Temporal, the sink, API and relay; the worker when first asked for. */
export async function openBenchStack({ startTemporal, say }: BenchStackOptions): Promise<BenchStack> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-bench-'));
  const logDir = join(dir, 'logs');
  mkdirSync(logDir);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each().catch((error: unknown) => { say(`while closing: ${String(error)}`); });
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const postgres = await startPostgres({ dir: join(dir, 'postgres') });
    closers.push(() => postgres.stop());
    const temporal = await startTemporal({ dir: join(dir, 'temporal'), postgresUrl: postgres.url, postgresPort: postgres.port });
    closers.push(() => temporal.stop());
    const { ownerUrl } = await prepareDatabase(postgres.url, { name: DATABASE, password: 'bench' });
    await migrate(ownerUrl);
    const sink = await startBenchChild('sink', systemEnv(), join(logDir, 'sink.log'));
    closers.push(() => sink.stop());
    const sinkUrl = `smtp://127.0.0.1:${String(await sink.call('port', null, z.number()))}`;
    const apiPort = await findFreePort();
    const env = {
      ...systemEnv(), NODE_ENV: 'production',
      DATABASE_URL: ownerUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, SMTP_URL: sinkUrl,
      SMTP_CONNECTIONS: String(CONNECTIONS), FLYWHEEL_SECRET: makeSecret(), API_PORT: String(apiPort), LOG_LEVEL: 'warn', TRUST_PROXY: '1',
    };
    const api = await startBenchRole('api', env, logDir);
    closers.push(() => api.stop());
    const relay = await startBenchRole('relay', env, logDir);
    closers.push(() => relay.stop());
    const superuserUrl = withDatabase(postgres.url);
    const superuser = openDatabase({ url: superuserUrl, max: 2, name: 'bench' });
    const owner = openDatabase({ url: ownerUrl, max: 2, name: 'bench owner' });
    closers.push(() => superuser.close(), () => owner.close());
    const workers = workerSwitch(env, logDir);
    closers.push(() => workers.stop());
    return {
      apiUrl: `http://127.0.0.1:${String(apiPort)}`, temporal, superuser, owner, api, relay, ownerUrl, superuserUrl, sink, sinkUrl, logDir, connections: CONNECTIONS, env, close,
      worker: (channel) => workers.use(channel),
      restartWorker: () => workers.restart(),
      stopWorker: () => workers.stop(),
      async startReference(script, more, args) {
        const child = await startBenchChild(script, { ...systemEnv(), NODE_ENV: 'production', ...more }, join(logDir, `${script}.log`), args);
        closers.push(() => child.stop());
        return child;
      },
      async startRole(role, more) {
        const child = await startBenchRole(role, { ...env, ...more }, logDir);
        closers.push(() => child.stop());
        return child;
      },
      cpu: () => cpuMs([api.pid, relay.pid, ...workers.pids()]),
      async walBytes() {
        const [row] = await superuser.sql<{ bytes: string }[]>`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as bytes`;
        return Number(row?.bytes ?? 0);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function workerSwitch(env: Readonly<Record<string, string>>, logDir: string) {
  let running: { channel: Channel; child: BenchChild } | null = null;
  const stop = async (): Promise<void> => {
    const before = running;
    running = null;
    await before?.child.stop();
  };
  return {
    stop,
    async restart(): Promise<BenchChild> {
      const channel = running?.channel ?? 'no-op';
      await stop();
      return this.use(channel);
    },
    pids: () => (running === null ? [] : [running.child.pid]),
    async use(channel: Channel): Promise<BenchChild> {
      if (running?.channel !== channel) {
        await stop();
        running = { channel, child: await startBenchRole('worker', env, logDir, channel) };
      }
      return running.child;
    },
  };
}

function withDatabase(url: string): string {
  const changed = new URL(url);
  changed.pathname = `/${DATABASE}`;
  return changed.href;
}
