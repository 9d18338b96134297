import { findLateStatements } from './support/find-late-statements.ts';
import { readFiles } from './support/source-files.ts';

test('a statement that stands before a call in one Promise.all is sent before what the call sends', () => {
  const files = readFiles(['activities', 'db'], '.ts');
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(findLateStatements)).toEqual([]);
});

describe('the check bites', () => {
  const found = (text: string) => findLateStatements({ path: 'a.ts', text });
  test.each([
    'await Promise.all([tx.sql`lock`, read(tx)]);',
    'await Promise.all([sql<{ id: string }[]>`lock`, read(tx)]);',
    'await Promise.all([isNamed ? tx.sql`lock` : null, read(tx)]);',
    'await Promise.all([tx.sql`lock`.execute(), tx.sql`lock`, read(tx)]);',
  ])('on %s', (text) => { expect(found(text)).toEqual(['a.ts:1']); });
  test.each([
    'await Promise.all([tx.sql`lock`.execute(), read(tx)]);',
    'await Promise.all([tx.sql`lock`, tx.sql`read`]);',
    'await Promise.all([read(tx), tx.sql`more`]);',
    'await Promise.all([lock(tx), read(tx)]);',
  ])('and not on %s', (text) => { expect(found(text)).toEqual([]); });
});
