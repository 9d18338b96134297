import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { deferred } from './deferred.ts';
import { clearLeftover, removePidFile, writePidFile } from './pid-file.ts';
import { identifyProcess } from './process-identity.ts';

/** What the guardian (`guard.mjs`) runs, and how it ends it. Without `env` the program inherits the environment. */
export type ProgramSpec = {
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** From the stop signal to SIGKILL. */
  readonly graceMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Where to note the running program, so that the next start can find what a double kill left behind. */
  readonly pidFile?: string;
};

export type ProgramExit = { readonly code: number | null; readonly signal: string | null };

export type GuardedProgram = {
  readonly pid: number;
  /** Resolves when the program has ended, for whatever reason. */
  readonly exited: Promise<ProgramExit>;
  /** Sends the stop signal, after the grace SIGKILL; resolves when the program is gone. May be called twice. */
  stop(): Promise<void>;
  /** From here on the program no longer keeps this process alive. */
  unref(): void;
};

const guardMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('spawned'), pid: z.number() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('exited'), code: z.number().nullable(), signal: z.string().nullable() }),
]);

const LARGE_LOG_BYTES = 5_000_000;

function keepLogSmall(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LARGE_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

function watch(guard: ChildProcess, spec: ProgramSpec): { spawned: Promise<number>; exited: Promise<ProgramExit> } {
  let pid: number | undefined;
  const ended = deferred<ProgramExit>();
  const spawned = deferred<number>();
  guard.on('message', (raw) => {
    const message = guardMessage.parse(raw);
    switch (message.kind) {
      case 'spawned':
        pid = message.pid;
        spawned.resolve(pid);
        return;
      case 'failed':
        spawned.reject(new Error(`${spec.what} could not be started: ${message.message} (${spec.command}).`));
        return;
      case 'exited':
        ended.resolve({ code: message.code, signal: message.signal });
        return;
    }
  });
  guard.once('exit', (code, signal) => {
    spawned.reject(new Error(`${spec.what} could not be started: its guardian ended with ${signal ?? code}.`));
    // A guardian that was killed cannot end its program any more.
    if (pid !== undefined && signal !== null) killIfThere(pid);
    ended.resolve({ code, signal });
  });
  return { spawned: spawned.promise, exited: ended.promise };
}

/**
 * Starts a native program below a guardian. Resolves when it runs (not yet: when it is ready).
 * Throws when it cannot be started, or when another living process uses the same `pidFile`.
 */
export async function startGuarded(spec: ProgramSpec): Promise<GuardedProgram> {
  if (spec.pidFile !== undefined) await clearLeftover(spec.pidFile, spec.what, spec.stopSignal, spec.graceMs);
  keepLogSmall(spec.logFile);
  // A session of its own: neither Ctrl-C in the terminal nor a `kill -9` of the parent's whole process group reaches the guardian.
  const guard = fork(join(__dirname, 'guard.mjs'), [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const { spawned, exited } = watch(guard, spec);
  guard.send({ kind: 'start', spec });
  const pid = await spawned;
  const program = identifyProcess(pid);
  if (spec.pidFile !== undefined && program !== undefined) writePidFile(spec.pidFile, program);
  return {
    pid,
    exited,
    stop: async () => {
      guard.ref();
      guard.channel?.ref();
      if (guard.connected) guard.send({ kind: 'stop' }, () => {});
      await exited;
      if (spec.pidFile !== undefined) removePidFile(spec.pidFile);
    },
    unref: () => {
      guard.unref();
      guard.channel?.unref();
    },
  };
}

/** Runs a program to its end below a guardian. Returns how it ended and the last lines it printed. */
export async function runGuarded(spec: ProgramSpec): Promise<ProgramExit & { readonly output: string }> {
  const program = await startGuarded(spec);
  const exit = await program.exited;
  return { ...exit, output: lastLines(spec.logFile) };
}

/** The end of a log, for messages about a program that failed. */
export function lastLines(logFile: string, count = 20): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
