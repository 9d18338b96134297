import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Where the driver's own transactions may be begun: inside the one safe way, and in the one-shot migration. */
const ALLOWED = ['db/migrate.ts', 'db/transaction.ts'];

function beginsOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && /\bsql\.begin\(/.test(readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')));
}

test('transactions go through inTransaction: the driver\'s own ends the process when its connection is lost', () => {
  expect(['src', 'db', 'activities', 'workflows'].flatMap(beginsOf).toSorted()).toEqual(ALLOWED);
});
