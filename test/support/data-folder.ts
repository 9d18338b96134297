import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What `statfs` says of a file system in memory, on Linux. */
const TMPFS = 0x01021994;
const GIB = 2 ** 30;
const PREFIX = 'flywheel-test-';
/** A test run that was killed cannot clear up; none lasts this long. */
const LEFT_BEHIND_MS = 3 * 3_600_000;

/**
 * A folder for a throwaway PostgreSQL: in memory where there is room, else where temporary files are. A database a test file means
 * thousands of files made and removed, which costs a disk's file system more time than all statements together.
 */
export function makeDataFolder(): string {
  if (!hasRoomInMemory()) return mkdtempSync(join(tmpdir(), PREFIX));
  for (const name of readdirSync(MEMORY).filter((each) => each.startsWith(PREFIX))) removeIfOld(join(MEMORY, name));
  const dir = mkdtempSync(join(MEMORY, PREFIX));
  process.once('exit', () => { rmSync(dir, { recursive: true, force: true }); });
  return dir;
}

function hasRoomInMemory(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY);
    return type === TMPFS && bavail * bsize >= 2 * GIB && freemem() >= 6 * GIB;
  } catch {
    return false;
  }
}

function removeIfOld(dir: string): void {
  try {
    if (Date.now() - statSync(dir).mtimeMs > LEFT_BEHIND_MS) rmSync(dir, { recursive: true, force: true });
  } catch {
    // Somebody else's, or gone meanwhile.
  }
}
