import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/** What is no part of the repository: git's own, what is installed, made or kept on one machine (see .gitignore). */
const NOT_OURS = new Set(['.git', 'node_modules', '.flywheel', 'dist', 'coverage', '.env']);
const LARGEST_READ_BYTES = 5_000_000;

/** Every text file that a clone would hold. */
export function repositoryFiles(folder = ''): SourceFile[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.endsWith('.log'))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return repositoryFiles(path);
      if (!entry.isFile() || statSync(join(REPOSITORY, path)).size > LARGEST_READ_BYTES) return [];
      const text = readFileSync(join(REPOSITORY, path), 'utf8');
      return text.includes('\0') ? [] : [{ path, text }];
    });
}

/** Where a pattern is found, one line each; `sample` stands for what was found there. */
export function findText(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap((file) => file.text.split('\n').flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [`${file.path}:${index + 1} ${match[0]}`];
  }));
}
