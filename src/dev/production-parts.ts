import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSecret } from '../config/env.ts';
import { composeVariables, readCompose } from './compose-file.ts';
import { findFreePort } from './free-port.ts';
import { lastLines, runGuarded, startGuarded } from './guarded-program.ts';
import type { GuardedProgram } from './guarded-program.ts';
import { startInbox } from './inbox.ts';
import { startPostgres } from './postgres.ts';
import { environmentHere, healthCheckHere } from './production-here.ts';
import { makeLogins } from './production-logins.ts';
import { programOf, serviceOf, toolsFolder } from './production-programs.ts';
import type { ProductionOptions, Stage } from './production-programs.ts';

export type Drained = { readonly name: string; readonly code: number | null; readonly ms: number };
export type Production = {
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly inboxUrl: string;
  readonly ownerUrl: string;
  /** Resolves when a role ends of its own accord. */
  readonly ended: Promise<unknown>;
  /** Runs the compose file's health checks; throws with what an unhealthy one says. */
  checkHealth(): Promise<void>;
  /** SIGTERM to worker, relay and API, one after another; how each ended, and after how long. */
  drain(): Promise<Drained[]>;
  stop(): Promise<void>;
};

const ROLES = ['api', 'relay', 'worker'] as const;
/** It keeps its members' ports as 16-bit numbers with a sign: those that systems hand out by themselves are too high. */
const TEMPORAL_PORTS = ['FRONTEND_GRPC_PORT', 'FRONTEND_HTTP_PORT', 'FRONTEND_MEMBERSHIP_PORT', 'MATCHING_GRPC_PORT', 'MATCHING_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT', 'HISTORY_MEMBERSHIP_PORT', 'WORKER_GRPC_PORT', 'WORKER_MEMBERSHIP_PORT'] as const;
const HEALTHY_WITHIN_MS = 60_000;

/** Starts everything that the compose file names, in its order. Throws with a job's or a server's last words. */
export async function startProduction(options: ProductionOptions): Promise<Production> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => { for (const each of stops.splice(0).toReversed()) await each().catch(() => {}); };
  try {
    chmodSync(options.dir, 0o755);
    const inbox = await startInbox({ dir: join(options.dir, 'inbox') });
    stops.push(() => inbox.stop());
    const pg = await startPostgres({ dir: join(options.dir, 'postgres') });
    stops.push(() => pg.stop());
    const text = readFileSync(options.composeFile, 'utf8');
    const compose = readCompose(text, { ...madeUpVariables(text), SMTP_URL: inbox.smtpUrl });
    const ports = Object.fromEntries(await Promise.all(TEMPORAL_PORTS.map(async (name) => [name, String(await findFreePort(randomInt(20_000, 30_000)))] as const)));
    const here = { postgresPort: pg.port, temporalAddress: `127.0.0.1:${ports['FRONTEND_GRPC_PORT'] ?? ''}`, dynamicConfigFile: join(options.dir, 'dynamic-config.yaml') };
    writeFileSync(here.dynamicConfigFile, compose.configs['temporal-dynamic-config']?.content ?? '');
    const stage: Stage = { options, compose, here, stops, tools: await toolsFolder(options) };

    await timed(stage, 'logins', () => makeLogins(stage, pg.url));
    await timed(stage, 'temporal-schema', () => runJob(stage, 'temporal-schema'));
    await timed(stage, 'temporal', () => startTemporalServer(stage, ports));
    await timed(stage, 'temporal-namespace', () => runJob(stage, 'temporal-namespace'));
    await timed(stage, 'migrate', () => runJob(stage, 'migrate'));
    const { apiUrl, programs, healthPorts } = await timed(stage, 'api, relay and worker', () => startRoles(stage));
    const checkHealth = (): Promise<void> => untilHealthy(stage, healthPorts);
    await timed(stage, 'health checks', checkHealth);
    return {
      apiUrl, checkHealth, stop,
      temporalAddress: here.temporalAddress,
      inboxUrl: inbox.url,
      ownerUrl: environmentHere(serviceOf(stage, 'migrate'), here)['DATABASE_URL'] ?? '',
      ended: Promise.race([...programs.values()].map((program) => program.exited)),
      drain: () => drainRoles(stage, programs),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a person would write into .env.compose. */
function madeUpVariables(text: string): Record<string, string> {
  const required = composeVariables(text).filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return Object.fromEntries(required.map((name) => [name, name === 'FLYWHEEL_SECRET' ? makeSecret() : randomBytes(24).toString('hex')]));
}

async function timed<T>({ options }: Pick<Stage, 'options'>, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  options.say(`  ${what.padEnd(24)}${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}

async function runJob(stage: Stage, name: string): Promise<void> {
  const { code, output } = await runGuarded(programOf(stage, name));
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${output}`);
}

async function startTemporalServer(stage: Stage, ports: Readonly<Record<string, string>>): Promise<void> {
  const program = programOf(stage, 'temporal', ports);
  const server = await startGuarded({ ...program, command: join(stage.tools, 'temporal-server'), args: ['start'] });
  stage.stops.push(() => server.stop());
  await untilAnswers(`http://127.0.0.1:${ports['FRONTEND_HTTP_PORT'] ?? ''}/system-info`, server, program.logFile);
}

async function startRoles(stage: Stage) {
  const apiPort = await findFreePort();
  const programs = new Map<string, GuardedProgram>();
  const healthPorts = new Map<string, Map<string, number>>();
  await Promise.all(ROLES.map(async (name) => {
    const port = name === 'api' ? apiPort : await findFreePort();
    const variable = name === 'api' ? 'API_PORT' : 'HEALTH_PORT';
    healthPorts.set(name, new Map([[serviceOf(stage, name).environment[variable] ?? '', port]]));
    const program = await startGuarded(programOf(stage, name, { [variable]: String(port) }));
    programs.set(name, program);
    stage.stops.push(() => program.stop());
  }));
  return { apiUrl: `http://127.0.0.1:${String(apiPort)}`, programs, healthPorts };
}

async function untilHealthy(stage: Stage, healthPorts: ReadonlyMap<string, ReadonlyMap<string, number>>): Promise<void> {
  for (const name of ROLES) {
    const [command = '', ...args] = healthCheckHere(serviceOf(stage, name), healthPorts.get(name) ?? new Map());
    const check = { ...programOf(stage, name), what: `health check of ${name}`, command: join(stage.tools, command), args, logFile: join(stage.options.dir, `${name}-health.log`) };
    const giveUpAt = performance.now() + HEALTHY_WITHIN_MS;
    for (;;) {
      const { code, output } = await runGuarded(check);
      if (code === 0) break;
      if (performance.now() > giveUpAt) throw new Error(`${name} is not healthy: ${output}\n${lastLines(join(stage.options.dir, `${name}.log`))}`);
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
  }
}

async function untilAnswers(url: string, program: GuardedProgram, logFile: string): Promise<void> {
  let isGone = false;
  void program.exited.then(() => { isGone = true; });
  for (const giveUpAt = performance.now() + HEALTHY_WITHIN_MS; !isGone && performance.now() < giveUpAt;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`${url} does not answer. The last it said:\n${lastLines(logFile, 3).slice(-2000)}`);
}

async function drainRoles({ options }: Stage, programs: ReadonlyMap<string, GuardedProgram>): Promise<Drained[]> {
  const drained: Drained[] = [];
  for (const name of ROLES.toReversed()) {
    const program = programs.get(name);
    if (program === undefined) continue;
    const startedAt = performance.now();
    void program.stop();
    const { code } = await program.exited;
    drained.push({ name, code, ms: performance.now() - startedAt });
    options.say(`  ${name.padEnd(24)}drained in ${((performance.now() - startedAt) / 1000).toFixed(1)} s, exit code ${String(code)}`);
  }
  return drained;
}
