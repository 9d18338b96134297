import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isAlive, ownIdentity, processIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const lockContent = processIdentity.extend({ token: z.string() });
const SETTLE_MS = 60;

function readLock(path: string): z.infer<typeof lockContent> | undefined {
  try {
    return lockContent.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function createIfMissing(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    // Not `instanceof Error`: under a test runner the file system's errors come from another realm.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function inUse(what: string, holder: ProcessIdentity): Error {
  return new Error(`${what} is already in use by process ${holder.pid}. Stop that one first (Ctrl-C in its terminal, or "kill ${holder.pid}").`);
}

/**
 * Takes the lock file for this process and returns how to give it back. The holder is named by number and start time, so
 * a lock left by a killed process counts for nothing, also when its number is in use again.
 * Throws with the holder's number when a living process has it.
 */
export async function takeLock(path: string, what: string): Promise<() => void> {
  const token = `${process.pid}-${Math.random()}`;
  for (;;) {
    if (createIfMissing(path, JSON.stringify({ ...ownIdentity(), token }))) break;
    const holder = readLock(path);
    if (holder !== undefined && isAlive(holder)) throw inUse(what, holder);
    rmSync(path, { force: true });
  }
  // Another start may have judged the same dead holder at the same moment and removed our fresh file: the later one wins.
  await new Promise((wake) => setTimeout(wake, SETTLE_MS));
  const holder = readLock(path);
  if (holder?.token !== token) throw holder === undefined ? new Error(`${what} was started twice at the same moment. Try again.`) : inUse(what, holder);
  return () => {
    if (existsSync(path) && readLock(path)?.token === token) rmSync(path, { force: true });
  };
}
