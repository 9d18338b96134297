import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ABANDONED_AFTER_MS = 3_600_000;

/** A new folder below `cacheDir` to build something in; those that killed processes left behind long ago are removed. */
export function makeBuildingFolder(cacheDir: string, prefix: string): string {
  for (const name of readdirSync(cacheDir)) {
    const path = join(cacheDir, name);
    if (name.startsWith(prefix) && statSync(path).mtimeMs < Date.now() - ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
  return mkdtempSync(join(cacheDir, prefix));
}
