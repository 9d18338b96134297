import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { makeBuildingFolder } from './building-folder.ts';
import { findFreePort, LOOPBACK, returnPort } from './free-port.ts';
import { lastLines, runGuarded, startGuarded } from './guarded-program.ts';
import type { GuardedProgram } from './guarded-program.ts';
import { sayWhileWaiting, silent } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { downloadSdkServer, findSdkServer } from './sdk-server.ts';
import { becomesReady } from './until-ready.ts';

export type TestServerOptions = {
  /** Where the server is kept once fetched, and its log. Made when missing. */
  readonly cacheDir: string;
  /** A time-skipping server that is there already (the value of TEMPORAL_TEST_SERVER); called with the port as its argument. */
  readonly executable?: string;
  readonly onProgress?: OnProgress;
};

export type RunningTestServer = { readonly address: string; readonly port: number; stop(): Promise<void> };

const VERSION = '1.38.0';
const ARTEFACTS = [
  ['io.temporal', 'temporal-test-server', VERSION],
  // Its logger would otherwise complain that it has none.
  ['org.slf4j', 'slf4j-nop', '2.0.17'],
] as const;
const run = promisify(execFile);

type Launch = { readonly command: string; readonly args: readonly string[] };

function pom(): string {
  const dependencies = ARTEFACTS.map(
    ([group, artefact, version]) => `<dependency><groupId>${group}</groupId><artifactId>${artefact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>test-server</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>\n`;
}

async function requireProgram(program: string, versionFlag: string, sdkReason: string): Promise<void> {
  try {
    await run(program, [versionFlag], { timeout: 30_000 });
  } catch {
    const command = process.platform === 'darwin' ? 'brew install openjdk maven' : 'apt-get install -y default-jre-headless maven';
    throw new Error(
      `The virtual-time server could not be had: the SDK's download failed (${sdkReason}) and "${program}" is missing.\nRun "${command}" and start again, or set TEMPORAL_TEST_SERVER to its path.`,
    );
  }
}

/** Fetches the server's jars by Maven into a folder that appears only when it is complete. */
async function fetchJars(cacheDir: string, target: string): Promise<void> {
  const building = makeBuildingFolder(cacheDir, 'building-maven-');
  const logFile = join(cacheDir, 'maven.log');
  writeFileSync(join(building, 'pom.xml'), pom());
  try {
    const { code, output } = await runGuarded({
      what: 'Maven',
      command: 'mvn',
      args: ['-B', '-q', '-f', join(building, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(building, 'lib')}`],
      ...{ cwd: building, logFile, stopSignal: 'SIGKILL', graceMs: 0 },
    });
    if (code !== 0) throw new Error(`The virtual-time server could not be fetched by Maven; run "npm test" again when the network is back. Maven said:\n${output}`);
    if (!existsSync(target)) renameSync(join(building, 'lib'), target);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function findServer(options: TestServerOptions, cacheDir: string, onProgress: OnProgress): Promise<Launch> {
  if (options.executable !== undefined) {
    if (!existsSync(options.executable)) throw new Error(`TEMPORAL_TEST_SERVER names ${options.executable}, which does not exist.`);
    return { command: options.executable, args: [] };
  }
  const kept = findSdkServer('time-skipping', cacheDir);
  if (kept !== undefined) return { command: kept, args: [] };
  const jars = join(cacheDir, `test-server-${VERSION}`);
  if (!existsSync(jars)) {
    onProgress('time', 'fetching the virtual-time server once');
    const download = await sayWhileWaiting(downloadSdkServer('time-skipping', cacheDir), (seconds) => onProgress('time', `still downloading (${seconds} s)`));
    if ('path' in download) return { command: download.path, args: [] };
    await requireProgram('java', '-version', download.reason);
    await requireProgram('mvn', '--version', download.reason);
    onProgress('time', `the SDK cannot reach its download here: fetching temporal-test-server ${VERSION} by Maven (38 MB)`);
    await sayWhileWaiting(fetchJars(cacheDir, jars), (seconds) => onProgress('time', `still fetching (${seconds} s)`));
  }
  await requireProgram('java', '-version', 'its files came by Maven');
  const classPath = readdirSync(jars).map((jar) => join(jars, jar));
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
  return { command: 'java', args: [...flags, '-cp', classPath.join(delimiter), 'io.temporal.testserver.TestServer'] };
}

/** Resolves true when the server takes connections. */
function answers(address: string, program: GuardedProgram): Promise<boolean> {
  return becomesReady(program, {
    everyMs: 50,
    async ask() {
      const connection = await Connection.connect({ address, connectTimeout: 500 });
      await connection.close();
    },
  });
}

/**
 * Starts Temporal's time-skipping test server: the given executable, else the SDK's download, else the Maven artefact
 * behind `java`. One serves a whole test run: connect each file with
 * `createTimeSkipping({ server: { executable: { type: 'existing-path', path: '/bin/sleep' }, port } })`.
 * Throws with the one command that helps when it cannot be had.
 */
export async function startTestServer(options: TestServerOptions): Promise<RunningTestServer> {
  const onProgress = options.onProgress ?? silent;
  const cacheDir = resolve(options.cacheDir);
  mkdirSync(cacheDir, { recursive: true });
  const { command, args } = await findServer(options, cacheDir, onProgress);
  const logFile = join(cacheDir, 'test-server.log');
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const port = await findFreePort();
    const address = `${LOOPBACK}:${port}`;
    const program = await startGuarded({ what: 'The virtual-time server', command, args: [...args, String(port)], logFile, stopSignal: 'SIGTERM', graceMs: 1500 });
    if (await answers(address, program)) {
      program.unref();
      onProgress('time', `ready on port ${port}`);
      return { address, port, stop: () => program.stop() };
    }
    await program.stop();
    returnPort(port);
  }
  throw new Error(`The virtual-time server does not start. Its log (${logFile}) ends with:\n${lastLines(logFile)}`);
}
