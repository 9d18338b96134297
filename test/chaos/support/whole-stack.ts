import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { migrate } from '../../../db/migrate.ts';
import { openDatabase, type Database } from '../../../db/client.ts';
import { makeSecret, systemEnv } from '../../../src/config/env.ts';
import { SMS_INBOUND_PATH } from '../../../src/config/sms-settings.ts';
import { findFreePort, returnPort } from '../../../src/dev/free-port.ts';
import { startPostgres } from '../../../src/dev/postgres.ts';
import { prepareDatabase } from '../../../src/dev/prepare-database.ts';
import type { RoleName } from '../../../src/dev/roles.ts';
import { startSink } from '../../../src/dev/sink.ts';
import { standInEnv } from '../../../src/dev/sms/stand-in-env.ts';
import { startSmsStandIn } from '../../../src/dev/sms/stand-in.ts';
import { startTemporal } from '../../../src/dev/temporal.ts';
import { workflowBundle } from '../../support/workflow-bundle.ts';
import { startKillableRole, type KillableRole } from './killable-role.ts';
import { takeBase } from './after-fault.ts';
import { freezeProgram, killProgram } from './killable-server.ts';
import { say } from './chaos-test.ts';
import type { KillableServer, WholeStack } from './stack-handles.ts';

const CACHE = join(__dirname, '../../../.flywheel/cache');
const DATABASE = 'flywheel';
const PASSWORD = 'chaos';

export type { WholeStack } from './stack-handles.ts';

type WholeStackOptions = { connections?: number; env?: Readonly<Record<string, string>>; afterCheck?: 'full' | 'quick' };

/**
 * Starts PostgreSQL (which waits for its disk, or a kill would lose what it had promised), Temporal with a file, an
 * SMTP sink, a stand-in of the SMS vendor, and API, relay and worker. Nothing else is stood in for.
 */
export async function openWholeStack({ connections = 10, env: more = {}, afterCheck = 'full' }: WholeStackOptions = {}): Promise<WholeStack> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-chaos-'));
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each().catch((error: unknown) => { say(`while closing: ${String(error)}`); });
    if (process.env['CHAOS_KEEP'] === undefined) rmSync(dir, { recursive: true, force: true });
    else say(`logs and data are kept in ${dir}`);
  };
  try {
    const [postgres, temporal] = await Promise.all([openPostgres(join(dir, 'postgres')), openTemporal(join(dir, 'temporal'))]);
    closers.push(() => postgres.stop(), () => temporal.stop(), async () => { postgres.thaw(); temporal.thaw(); });
    const sinkDir = join(dir, 'sink');
    const sink = await startSink({ dir: sinkDir, sync: false });
    closers.push(() => sink.stop());
    const { ownerUrl } = await prepareDatabase(postgres.url, { name: DATABASE, password: PASSWORD });
    await migrate(ownerUrl);
    const apiPort = await keptPort();
    const apiUrl = `http://127.0.0.1:${String(apiPort)}`;
    const sms = await startSmsStandIn({ dir: join(dir, 'sms'), inboundWebhookUrl: `${apiUrl}${SMS_INBOUND_PATH}` });
    closers.push(() => sms.stop());
    const env = {
      ...systemEnv(),
      DATABASE_URL: ownerUrl, TEMPORAL_ADDRESS: temporal.address, SMTP_URL: sink.url, SMTP_CONNECTIONS: String(connections),
      FLYWHEEL_SECRET: makeSecret(), API_PORT: String(apiPort), LOG_LEVEL: 'info', WORKFLOW_BUNDLE: workflowBundle().codePath, ...standInEnv(sms, apiUrl), ...more,
    };
    const logs = join(dir, 'logs');
    mkdirSync(logs);
    const startOne = async (role: RoleName): Promise<KillableRole> => {
      const started = await startKillableRole(role, env, logs);
      closers.push(async () => { if (started.alive) await started.kill(); });
      return started;
    };
    const startBeside: WholeStack['startBeside'] = async (role, name, changed) => {
      const dirOfItsOwn = join(logs, name);
      const started = await startKillableRole(role, { ...env, ...changed }, dirOfItsOwn);
      closers.push(async () => { if (started.alive) await started.kill(); });
      return Object.assign(started, { logFile: join(dirOfItsOwn, `${role}.log`) });
    };
    const [api, relay, worker] = await Promise.all([startOne('api'), startOne('relay'), startOne('worker')]);
    const superuser = openDatabase({ url: withDatabase(postgres.url), max: 4, name: 'chaos superuser' });
    const owner = openDatabase({ url: ownerUrl, max: 2, name: 'chaos owner' });
    closers.push(() => superuser.close(), () => owner.close());
    const connection = Connection.lazy({ address: temporal.address });
    closers.push(() => connection.close());
    const stack: WholeStack = {
      apiUrl, sms, roles: { api, relay, worker }, postgres: { ...postgres, kill: () => postgres.kill(superuser) }, temporal,
      sink, sinkDir, connections, env, logDir: logs, afterCheck, superuser, owner, client: new Client({ connection }), startWorker: () => startOne('worker'), startBeside, close,
    };
    await takeBase(stack);
    return stack;
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPostgres(dir: string) {
  let running = await startPostgres({ dir, port: await keptPort() });
  const { url, port } = running;
  return {
    url, port,
    /** The server and every process it has: nobody is left who could finish a sentence. */
    async kill(superuser: Database) {
      const rows = await superuser.sql<{ pid: number }[]>`select pid from pg_stat_activity where pid <> pg_backend_pid()`;
      await killProgram(join(dir, 'postgres.pid'), port, rows.map((row) => row.pid));
    },
    async start() {
      running = await startPostgres({ dir, port });
      if (running.port !== port) throw new Error('PostgreSQL came back on another port');
    },
    ...freezable(join(dir, 'postgres.pid')),
    stop: () => running.stop(),
  };
}

function freezable(pidFile: string): Pick<KillableServer, 'freeze' | 'thaw'> {
  let letGo = (): void => {};
  return {
    async freeze() { letGo = await freezeProgram(pidFile); },
    thaw() {
      letGo();
      letGo = () => {};
    },
  };
}

async function openTemporal(dir: string) {
  const start = (at: number) => startTemporal({ dir, cacheDir: CACHE, headless: true, port: at });
  let running = await start(await keptPort());
  const { address, port } = running;
  return {
    address, port,
    ...freezable(join(dir, 'temporal.pid')),
    kill: () => killProgram(join(dir, 'temporal.pid'), port),
    forget() {
      for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `temporal.db${end}`), { force: true });
    },
    async start() {
      running = await start(port);
      if (running.port !== port) throw new Error('Temporal came back on another port');
    },
    stop: () => running.stop(),
  };
}

/**
 * A free port that stays free while its server is down: below those that systems hand out to outgoing connections, which
 * would be taken meanwhile, and by nobody rather than by a client that tries to reach that very server.
 */
async function keptPort(): Promise<number> {
  const port = await findFreePort(randomInt(20_000, 30_000));
  returnPort(port);
  return port;
}

function withDatabase(url: string): string {
  const changed = new URL(url);
  changed.pathname = `/${DATABASE}`;
  return changed.href;
}
