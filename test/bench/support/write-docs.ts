import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../lane.ts';
import { tableOf } from './table.ts';
import type { Versions } from './versions.ts';

const PAGE = join(__dirname, '../../../docs/performance.md');

/** One run of the bench: what goes into the JSON file and, as a table, into docs/performance.md. */
export type BenchResult = { readonly takenOn: string; readonly server: 'dev' | 'postgres'; readonly rounds: number; readonly versions: Versions; readonly rows: readonly Row[] };

/** Replaces the block of this server's figures; throws where the page has none. */
export function withFigures(page: string, result: BenchResult): string {
  const [begin, end] = [`<!-- bench ${result.server}: written by npm run bench -->`, `<!-- end of bench ${result.server} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no block "${begin}"`);
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`).join('; ');
  const text = `Taken on ${result.takenOn}, medians of ${String(result.rounds)} rounds. ${versions}.\n\n${tableOf(result.rows)}`;
  return `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`;
}

export function writeDocs(result: BenchResult): void {
  writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), result));
}
