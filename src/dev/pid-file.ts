import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isAlive, ownIdentity, processIdentity, waitUntilGone } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const pidFileContent = z.object({ program: processIdentity, owner: processIdentity });

/** Notes which program runs and which process wants it. */
export function writePidFile(path: string, program: ProcessIdentity): void {
  writeFileSync(path, JSON.stringify({ program, owner: ownIdentity() }), { mode: 0o600 });
}

export function removePidFile(path: string): void {
  rmSync(path, { force: true });
}

function readPidFile(path: string): z.infer<typeof pidFileContent> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return pidFileContent.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Half written by a process that was killed meanwhile: it names nobody.
    return undefined;
  }
}

/**
 * Makes sure that no program of an earlier, killed start is left. Its guardian normally stops it; this waits for that,
 * and does it itself should the guardian have been killed too.
 * Throws when the program is in use by a process that still lives.
 */
export async function clearLeftover(path: string, what: string, stopSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  const content = readPidFile(path);
  if (content !== undefined && isAlive(content.program)) {
    if (isAlive(content.owner)) {
      throw new Error(`${what} in this folder is already in use by process ${content.owner.pid}. Stop that one first.`);
    }
    for (const signal of [stopSignal, 'SIGKILL'] as const) {
      signalIfThere(content.program.pid, signal);
      if (await waitUntilGone(content.program, graceMs)) break;
    }
  }
  removePidFile(path);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, which is what was wanted.
  }
}
