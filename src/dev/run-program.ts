import { spawn } from 'node:child_process';

export type ProgramResult = { readonly code: number | null; readonly output: string; readonly durationMs: number; readonly timedOut: boolean };

const running = new Set<() => void>();

/** Ends what `runProgram` has started and not yet seen end. */
export function stopPrograms(): void {
  for (const stop of running) stop();
}

export type ProgramOptions = {
  readonly script: string;
  readonly args: readonly string[];
  /** Where it and all it starts keep temporary files. */
  readonly tempDir: string;
  /** It is killed after this time. */
  readonly limitMs: number;
};

/**
 * Runs one of the installed command-line programs (a JavaScript file) to its end and keeps all it prints, both streams
 * in order. When its time is over it is killed, with what it started. Never throws: a program that cannot start says so in its output.
 */
export async function runProgram({ script, args, tempDir, limitMs }: ProgramOptions): Promise<ProgramResult> {
  const startedAt = performance.now();
  const chunks: Buffer[] = [];
  // A process group of its own, so that nothing it started outlives it.
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, TMPDIR: tempDir }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let timedOut = false;
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  };
  running.add(stop);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, limitMs);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(error.message));
      resolve(null);
    });
    child.once('close', resolve);
  });
  clearTimeout(timer);
  running.delete(stop);
  return { code, output: Buffer.concat(chunks).toString('utf8').trim(), durationMs: performance.now() - startedAt, timedOut };
}
