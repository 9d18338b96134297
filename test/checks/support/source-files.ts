import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

export const REPOSITORY = join(__dirname, '../../..');

/** The folders that hold our code. */
export const CODE_FOLDERS = ['src', 'workflows', 'activities', 'db', 'examples', 'test'] as const;

/** One file of the repository; `path` is relative to its root, with forward slashes. */
export type SourceFile = { readonly path: string; readonly text: string };

/** Every file below the folders whose name ends so, in a fixed order. `root` is another tree in tests of the checks. */
export function readFiles(folders: readonly string[], ending: string, root = REPOSITORY): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(ending) && !path.split(sep).includes('node_modules'))
    .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(root, path), 'utf8') }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
