import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lawTable } from '../domain/law/law-table.ts';
import { shippedLaw } from '../domain/law/shipped-law.ts';

const BEGINS = /(<!-- the table: .* -->\n)[\s\S]*(<!-- end of the table -->)/;

/** `docs/law.md` with the table of the edition that ships. */
export function writeLawPage(page: string): string {
  const book = shippedLaw();
  return page.replace(BEGINS, (_all, begins: string, ends: string) => `${begins}\nEdition ${book.edition}. ${book.note ?? ''}\n\n${lawTable(book)}\n\n${ends}`);
}

export const LAW_PAGE = join(__dirname, '../../docs/law.md');

if (require.main === module) writeFileSync(LAW_PAGE, writeLawPage(readFileSync(LAW_PAGE, 'utf8')));
