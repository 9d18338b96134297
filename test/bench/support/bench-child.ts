import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { RoleName } from '../../../src/dev/roles.ts';

/** A program of the bench in a process of its own, which does what it is told and answers. */
export type BenchChild = {
  readonly pid: number;
  /** Sends a command and reads its answer; rejects with what the child says when it fails. */
  call<T extends z.ZodType>(command: string, input: unknown, answer: T): Promise<z.output<T>>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
};

const REPOSITORY = join(__dirname, '../../..');
const PROCESSES = join(__dirname, '../processes');
const STOP_WITHIN_MS = 15_000;

const reply = z.object({ id: z.number(), result: z.unknown().optional(), error: z.string().optional() });

type Env = Readonly<Record<string, string | undefined>>;

/** Starts `test/bench/processes/<script>.ts`; resolves when it says that it is ready. It ends with this process. */
export function startBenchChild(script: string, env: Env, logFile: string, args: readonly string[] = []): Promise<BenchChild> {
  return start({ name: script, file: join(PROCESSES, `${script}.ts`), args, preloads: [] }, env, logFile);
}

/** Starts API, relay or worker from the product's own entry. A worker told `no-op` sends to a channel that does nothing. */
export function startBenchRole(role: RoleName, env: Env, logDir: string, channel: 'no-op' | 'smtp' = 'smtp'): Promise<BenchChild> {
  const preloads = ['--require', require.resolve('tsx/cjs'), '--require', join(PROCESSES, 'role-preload.ts')];
  return start({ name: role, file: join(REPOSITORY, 'src/main.ts'), args: [role, channel], preloads }, env, join(logDir, `${role}.log`));
}

type Program = { readonly name: string; readonly file: string; readonly args: readonly string[]; readonly preloads: readonly string[] };

async function start({ name, file, args, preloads }: Program, env: Env, logFile: string): Promise<BenchChild> {
  const output = openSync(logFile, 'a', 0o600);
  const child = fork(file, [...args], {
    execArgv: [...preloads, '--import', pathToFileURL(require.resolve('tsx')).href, '--import', pathToFileURL(join(REPOSITORY, 'src/dev/exit-with-parent.mjs')).href],
    env, detached: true, stdio: ['ignore', output, output, 'ipc'], serialization: 'advanced',
  });
  closeSync(output);
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  let ready: () => void = () => {};
  const isReady = new Promise<void>((resolve) => { ready = resolve; });
  child.on('message', (message) => {
    if (message === 'ready') return ready();
    const { id, result, error } = reply.parse(message);
    const waiting = asked.get(id);
    asked.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`${name}: ${error}`));
  });
  const ended = exited.then(() => { throw new Error(`${name} ended; its log is ${logFile}`); });
  ended.catch(() => {
    for (const { reject } of asked.values()) reject(new Error(`${name} ended; its log is ${logFile}`));
  });
  await Promise.race([isReady, ended]);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  return {
    pid,
    async call(command, input, answer) {
      const id = next;
      next += 1;
      const result = new Promise<unknown>((resolve, reject) => { asked.set(id, { resolve, reject }); });
      child.send({ id, command, input });
      return answer.parse(await result);
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
