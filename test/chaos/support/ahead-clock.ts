import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A wall clock for one process that a test sets while it runs; its monotonic clock and all other processes stay true. */
export type AheadClock = {
  /** For the process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** libfaketime changes what the system tells the whole process; where it is not installed, `Date` alone is changed. */
  readonly how: 'libfaketime' | 'Date';
  setHours(ahead: number): void;
  remove(): void;
};

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`);

export function makeAheadClock(hours: number): AheadClock {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-clock-'));
  const file = join(dir, 'ahead');
  const library = LIBRARIES.find((path) => existsSync(path));
  const setHours = (ahead: number): void => { writeFileSync(file, library === undefined ? String(ahead) : `${ahead < 0 ? '' : '+'}${String(ahead)}h`); };
  setHours(hours);
  return {
    how: library === undefined ? 'Date' : 'libfaketime',
    env: library === undefined
      ? { NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'ahead-date.mjs')).href}`, AHEAD_FILE: file }
      : { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    setHours,
    remove: () => { rmSync(dir, { recursive: true, force: true }); },
  };
}
