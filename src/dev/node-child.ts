import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type NodeChildOptions = {
  /** A TypeScript or JavaScript file; run through tsx. */
  readonly script: string;
  readonly args?: readonly string[];
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets all it prints; without it the child writes to this process's own output. */
  readonly logFile?: string;
};

export type NodeChild = {
  readonly pid: number;
  /** Resolves when the program says `ready`; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** SIGTERM, after the grace SIGKILL. Resolves when it is gone; may be called twice. */
  stop(graceMs?: number): Promise<void>;
  /** `kill -9`, as a crash would. Resolves when it is gone. */
  kill(): Promise<void>;
};

/**
 * Starts a program of ours (API, relay, worker) as a process of its own that goes when this process goes, also by
 * `kill -9`. It does not hear the terminal's Ctrl-C: the parent decides the order in which things stop.
 * Throws when it cannot be started.
 */
export async function startNodeChild({ script, args = [], env, logFile }: NodeChildOptions): Promise<NodeChild> {
  // The file itself, not a pipe through us: what a child says after our sudden end is what one wants to read.
  const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
  const child = fork(script, [...args], {
    execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href, '--import', pathToFileURL(join(__dirname, 'exit-with-parent.mjs')).href],
    env,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  if (typeof output === 'number') closeSync(output);
  const exited = new Promise<Awaited<NodeChild['exited']>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => { if (message === 'ready') resolve(); });
    child.once('exit', (code) => reject(new Error(`${script} ${args.join(' ')} ended before it was ready (exit code ${String(code)}).`)));
  });
  ready.catch(() => {}); // whoever waits for it hears of it
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} could not be started.`);
  return {
    pid,
    ready,
    exited,
    stop: async (graceMs = 8000) => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
