import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { composeVariables, readCompose } from '../../../src/dev/compose-file.ts';
import { findFreePort } from '../../../src/dev/free-port.ts';
import { lastLines, runGuarded, startGuarded, type GuardedProgram } from '../../../src/dev/guarded-program.ts';
import { programOf, toolsFolder, type Stage } from '../../../src/dev/production-programs.ts';
import { startTemporal } from '../../../src/dev/temporal.ts';

/** A Temporal server of the bench's own. */
export type TemporalServer = { readonly address: string; readonly namespace: string; readonly kind: string; stop(): Promise<void> };

const REPOSITORY = join(__dirname, '../../..');
const CACHE = join(REPOSITORY, '.flywheel/cache');
const READY_WITHIN_MS = 60_000;

/** The dev server, as `npm start` has it: a file with a write-ahead log. */
export async function startDevServer(dir: string): Promise<TemporalServer> {
  const server = await startTemporal({ dir, cacheDir: CACHE, headless: true });
  return { address: server.address, namespace: 'default', kind: 'dev server (SQLite)', stop: () => server.stop() };
}

type Programs = { readonly temporalServer: string; readonly temporalSqlTool: string };

/**
 * The full server with its schema in the same PostgreSQL as the product's database, as docker-compose.yml has it: its
 * commands, variables and dynamic configuration.
 */
export async function startFullServer(place: { dir: string; postgresUrl: string; postgresPort: number }, programs: Programs): Promise<TemporalServer> {
  const { dir } = place;
  mkdirSync(dir, { recursive: true });
  const composeFile = join(REPOSITORY, 'docker-compose.yml');
  const text = readFileSync(composeFile, 'utf8');
  const variables = Object.fromEntries(composeVariables(text).filter(({ isRequired }) => isRequired).map(({ name }) => [name, randomBytes(24).toString('hex')]));
  const compose = readCompose(text, variables);
  await makeLogin(place.postgresUrl, compose.services['temporal']?.environment['POSTGRES_PWD'] ?? '');
  const ports = await serverPorts();
  const address = `127.0.0.1:${ports['FRONTEND_GRPC_PORT'] ?? ''}`;
  const here = { postgresPort: place.postgresPort, temporalAddress: address, dynamicConfigFile: join(dir, 'dynamic-config.yaml') };
  writeFileSync(here.dynamicConfigFile, compose.configs['temporal-dynamic-config']?.content ?? '');
  const options = { composeFile, ...programs, app: REPOSITORY, user: undefined, dir, cacheDir: CACHE, say: () => {} };
  const stage: Stage = { options, compose, here, stops: [], tools: await toolsFolder(options) };
  await runJob(stage, 'temporal-schema');
  const program = programOf(stage, 'temporal', ports);
  const server = await startGuarded({ ...program, command: join(stage.tools, 'temporal-server'), args: ['start'] });
  try {
    await untilAnswers(`http://127.0.0.1:${ports['FRONTEND_HTTP_PORT'] ?? ''}/system-info`, server, program.logFile);
    await runJob(stage, 'temporal-namespace');
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { address, namespace: 'flywheel', kind: 'full server on PostgreSQL', stop: () => server.stop() };
}

async function makeLogin(superuserUrl: string, password: string): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  try {
    // A password cannot be a parameter; this one is hexadecimal.
    await sql.unsafe(`create role temporal login createdb password '${password}'`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function serverPorts(): Promise<Record<string, string>> {
  const names = ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER'].flatMap((service) => [`${service}_GRPC_PORT`, `${service}_MEMBERSHIP_PORT`]);
  // It keeps its members' ports as 16-bit numbers with a sign: those that systems hand out by themselves are too high.
  return Object.fromEntries(await Promise.all([...names, 'FRONTEND_HTTP_PORT'].map(async (name) => [name, String(await findFreePort(randomInt(20_000, 30_000)))] as const)));
}

async function runJob(stage: Stage, name: string): Promise<void> {
  const { code, output } = await runGuarded(programOf(stage, name));
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${output}`);
}

async function untilAnswers(url: string, program: GuardedProgram, logFile: string): Promise<void> {
  let isGone = false;
  void program.exited.then(() => { isGone = true; });
  for (const giveUpAt = performance.now() + READY_WITHIN_MS; !isGone && performance.now() < giveUpAt;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`Temporal's full server does not answer. The last it said:\n${lastLines(logFile, 3).slice(-2000)}`);
}
