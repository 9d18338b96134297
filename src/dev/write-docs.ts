import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiTables } from './api-tables.ts';
import { correctLines } from './code-links.ts';
import { includeFiles } from './included-files.ts';
import { WORKFLOWS_INDEX, workflowsIndex } from './workflows-index.ts';

const DOCS = join(__dirname, '..', '..', 'docs');

/** Every page of docs/, by its file's name. */
export function docPages(): { readonly name: string; readonly text: string }[] {
  return readdirSync(DOCS).filter((name) => name.endsWith('.md')).map((name) => ({ name, text: readFileSync(join(DOCS, name), 'utf8') }));
}

/** A file as a page of docs/ names it; null where it is gone. */
export function linkedText(path: string): string | null {
  const file = join(DOCS, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** `npm run docs`: sets the lines of links to code right, and writes the tables that the code has and the files that a page shows anew. */
export function writtenPage(text: string): string {
  return apiTables(correctLines(includeFiles(text, linkedText), linkedText));
}

if (require.main === module) {
  for (const { name, text } of docPages()) {
    const written = writtenPage(text);
    if (written === text) continue;
    writeFileSync(join(DOCS, name), written);
    process.stdout.write(`docs/${name} was brought up to date\n`);
  }
  const index = workflowsIndex();
  if (readFileSync(WORKFLOWS_INDEX, 'utf8') !== index) {
    writeFileSync(WORKFLOWS_INDEX, index);
    process.stdout.write('workflows/index.ts was brought up to date\n');
  }
}
