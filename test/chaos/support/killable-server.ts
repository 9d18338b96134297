import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LOOPBACK, returnPort } from '../../../src/dev/free-port.ts';
import { processIdentity } from '../../../src/dev/process-identity.ts';
import { waitUntil } from './wait-until.ts';

const pidFile = z.object({ program: processIdentity });
const GONE_WITHIN_MS = 10_000;

/**
 * `kill -9` of a native program of the stack by its pid file, and of whatever else `more` names (a database's back ends).
 * Resolves when its port may be taken again: the last of its threads is gone then, which its number does not tell.
 */
export async function killProgram(file: string, port: number, more: readonly number[] = []): Promise<void> {
  const { program } = pidFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  process.kill(program.pid, 'SIGKILL');
  for (const pid of more) signalIfThere(pid, 'SIGKILL');
  await waitUntil(`port ${String(port)} is free after kill -9`, GONE_WITHIN_MS, () => isFree(port));
  returnPort(port);
}

/**
 * SIGSTOP of a native program and of its children (a database's back ends, who have sessions of their own): nothing of it
 * moves, while the kernel still takes connections in its name. Gives the way to let it go on (SIGCONT).
 */
export async function freezeProgram(file: string): Promise<() => void> {
  const { program } = pidFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  // The parent first: it makes no more children then.
  process.kill(program.pid, 'SIGSTOP');
  const children = await childrenOf(program.pid);
  for (const pid of children) signalIfThere(pid, 'SIGSTOP');
  return () => { for (const pid of [program.pid, ...children]) signalIfThere(pid, 'SIGCONT'); };
}

/** pgrep answers with 1 where there are none. */
async function childrenOf(pid: number): Promise<number[]> {
  const found = await promisify(execFile)('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }));
  return found.stdout.split('\n').filter((line) => line !== '').map(Number);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: LOOPBACK, exclusive: true });
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
