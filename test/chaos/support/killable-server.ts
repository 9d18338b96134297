import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
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
  for (const pid of more) killIfThere(pid);
  await waitUntil(`port ${String(port)} is free after kill -9`, GONE_WITHIN_MS, () => isFree(port));
  returnPort(port);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its parent.
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
