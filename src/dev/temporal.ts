import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { findFreePort, LOOPBACK, returnPort } from './free-port.ts';
import { lastLines, startGuarded } from './guarded-program.ts';
import type { GuardedProgram } from './guarded-program.ts';
import { silent } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { becomesReady } from './until-ready.ts';

export type SearchAttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export type TemporalOptions = {
  /** Holds the database file and the log. Made when missing. */
  readonly dir: string;
  /** Where fetched programs are kept; `cache` below `dir` when not given. */
  readonly cacheDir?: string;
  /** The database file; `temporal.db` below `dir` when not given. */
  readonly dbFile?: string;
  /** Preferred ports; free ones are taken when they are in use. */
  readonly port?: number;
  readonly uiPort?: number;
  /** Without the web page (tests). */
  readonly headless?: boolean;
  /** Registered in the namespace `default`, again on every start: name -> type. */
  readonly searchAttributes?: Readonly<Record<string, SearchAttributeType>>;
  /** Dynamic configuration of the server: key -> value, e.g. `{ 'frontend.rps': 5000 }`. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  readonly onProgress?: OnProgress;
};

export type RunningTemporal = {
  /** host:port of the gRPC service. */
  readonly address: string;
  readonly port: number;
  /** The web page; with `headless` nothing answers there. */
  readonly uiUrl: string;
  /** Resolves when the server is gone, within 4.5 s. */
  stop(): Promise<void>;
};

const STOP_GRACE_MS = 4000;
const ATTEMPTS = 3;
const NAMESPACE = 'default';

type Ports = { readonly grpc: number; readonly ui: number };

function serverArguments(options: TemporalOptions, ports: Ports): string[] {
  const dbFile = options.dbFile ?? join(options.dir, 'temporal.db');
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(ports.grpc), '--log-level', 'warn', '--log-format', 'json'],
    ...(options.headless === true ? ['--headless'] : ['--ui-ip', LOOPBACK, '--ui-port', String(ports.ui)]),
    // With these two a file is as fast as memory.
    ...['--db-filename', dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...Object.entries(options.searchAttributes ?? {}).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(options.dynamicConfig ?? {}).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
  ];
}

/** Resolves true when the server answers for its namespace. */
function answers(address: string, program: GuardedProgram): Promise<boolean> {
  return becomesReady(program, {
    everyMs: 50,
    async ask() {
      const connection = await Connection.connect({ address, connectTimeout: 1000 });
      try {
        await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
      } finally {
        await connection.close();
      }
    },
  });
}

/**
 * Starts a Temporal server of our own on the loopback interface with a database file and its web page.
 * It stops with this process, however that ends; what its file holds is there again on the next start.
 * Throws with a message to act on when the program cannot be had or does not start.
 */
export async function startTemporal(givenOptions: TemporalOptions): Promise<RunningTemporal> {
  const options = { ...givenOptions, dir: resolve(givenOptions.dir) };
  const onProgress = options.onProgress ?? silent;
  const logFile = join(options.dir, 'temporal.log');
  mkdirSync(options.dir, { recursive: true });
  const command = await findTemporalBinary(resolve(options.cacheDir ?? join(options.dir, 'cache')), onProgress);
  const say = (text: string): void => onProgress('temporal', text);
  say('starting');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const grpc = await findFreePort(options.port, say);
    const ui = await findFreePort(options.uiPort, say);
    const address = `${LOOPBACK}:${grpc}`;
    const program = await startGuarded({
      ...{ what: 'Temporal', command, args: serverArguments(options, { grpc, ui }), logFile },
      ...{ pidFile: join(options.dir, 'temporal.pid'), stopSignal: 'SIGTERM', graceMs: STOP_GRACE_MS },
    });
    if (await answers(address, program)) {
      program.unref();
      say(`ready on port ${grpc}`);
      return { address, port: grpc, uiUrl: `http://${LOOPBACK}:${ui}`, stop: () => program.stop() };
    }
    await program.stop();
    for (const port of [grpc, ui]) returnPort(port);
  }
  throw new Error(`The embedded Temporal server does not start. Its log (${logFile}) ends with:\n${lastLines(logFile)}`);
}
