import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { returnPort } from '../../../src/dev/free-port.ts';
import { processIdentity, waitUntilGone } from '../../../src/dev/process-identity.ts';

const pidFile = z.object({ program: processIdentity });
const GONE_WITHIN_MS = 10_000;

/**
 * `kill -9` of a native program of the stack by its pid file, and of whatever else `more` names (a database's back ends).
 * Resolves when it is gone and its port may be taken again.
 */
export async function killProgram(file: string, port: number, more: readonly number[] = []): Promise<void> {
  const { program } = pidFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  process.kill(program.pid, 'SIGKILL');
  for (const pid of more) killIfThere(pid);
  if (!(await waitUntilGone(program, GONE_WITHIN_MS))) throw new Error(`process ${String(program.pid)} outlived kill -9`);
  returnPort(port);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its parent.
  }
}
