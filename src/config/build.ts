import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { z } from 'zod';

const ROOT = join(__dirname, '../..');
/** What a worker runs. The API and the tools may change without a worker being another. */
const FOLDERS = ['activities', 'db', 'src/domain', 'src/providers', 'src/worker', 'workflows'];
const ENDINGS = ['.ts', '.json', '.sql'];
const HASH_CHARACTERS = 12;

const manifest = z.object({ version: z.string() });
let name: string | undefined;

/**
 * The name of this build of the worker: the package's version and a hash of the sources that a worker runs
 * (`0.1.0+3f2a91c04b7d`). The same files give the same name on every machine; one changed byte gives another.
 */
export function buildName(): string {
  return (name ??= `${packageVersion()}+${hashOf(ROOT, FOLDERS)}`);
}

function packageVersion(): string {
  return manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).version;
}

/** Hash of the names and contents of all sources below the folders. */
export function hashOf(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256');
  const paths = folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)));
  for (const path of paths.filter((each) => ENDINGS.some((ending) => each.endsWith(ending))).toSorted()) {
    // Git may give a text other line ends on another machine.
    hash.update(path.split(sep).join('/')).update('\0').update(readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')).update('\0');
  }
  return hash.digest('hex').slice(0, HASH_CHARACTERS);
}
