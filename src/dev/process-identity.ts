import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * A process named so that it cannot be mistaken: operating systems hand the same number out again, after a reboot even quickly.
 * `startedAt` is opaque: the boot plus the start tick on Linux, the start time as `ps` prints it elsewhere.
 */
export const processIdentity = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

function startOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces; the start tick is the 20th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended: nobody has asked for its exit code yet.
  if (fields[0] === 'Z') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
}

function startElsewhere(pid: number): string | undefined {
  if (process.platform === 'win32') {
    process.kill(pid, 0);
    return 'alive';
  }
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
}

/** The running process with this number, or undefined when there is none. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    const startedAt = process.platform === 'linux' ? startOnLinux(pid) : startElsewhere(pid);
    return startedAt === undefined ? undefined : { pid, startedAt };
  } catch {
    return undefined;
  }
}

/** The process this code runs in. */
export function ownIdentity(): ProcessIdentity {
  return identifyProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

/** True while exactly this process lives, not a later one with the same number. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** Waits until the process is gone. Returns false when it is still there after `waitMs`. */
export async function waitUntilGone(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + waitMs;
  while (isAlive(identity)) {
    if (Date.now() >= giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
