import { writeSecurityPage } from '../../src/dev/security-tables.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { missingFiles, readPage } from './support/guide-text.ts';

const PAGE = readPage('security.md');
const section = (from: string, to: string): string => PAGE.slice(PAGE.indexOf(from), PAGE.indexOf(to));
const namedIn = (text: string): string[] => [...text.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name = '']) => name);
/** The map of personal data, and the sentence on what holds none. */
const MAP = section('## Personal data', '| elsewhere |');

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

/** Columns of the tables as `table.column`, with their types; months of a table are as the table. */
async function columns(): Promise<{ name: string; type: string }[]> {
  return database.superuser<{ name: string; type: string }[]>`
    select c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped order by 1`;
}

test('the rights and functions on the page are those of the database; `npx tsx src/dev/write-security-page.ts` writes them', async () => {
  expect(await writeSecurityPage(PAGE, database.superuser)).toBe(PAGE);
});

describe('the comparison bites', () => {
  /** The page as it would be after a change to the database that is taken back. */
  async function pageAfter(change: string): Promise<string> {
    let page = '';
    const undone = database.superuser.begin(async (tx) => {
      await tx.unsafe(change);
      page = await writeSecurityPage(PAGE, tx);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    return page;
  }

  test.each([
    ['a right to a table', 'grant select on contacts to flywheel_relay', '| `contacts` | read; add; change | read | – | – |'],
    ['a right to one column', 'grant select (email_hash) on contacts to flywheel_relay', '| `contacts` | read; add; change | read `email_hash` | – | – |'],
    ['a policy that lets the owner see all', 'create policy peek on contacts for select to flywheel_owner using (true)', '| `contacts` | read; add; change | – | – | read all rows |'],
    ['a new table', 'create table coupons (id text)', '| `coupons` | – | – | – | all; it holds no tenant\'s rows |'],
    ['who may call a function', 'grant execute on function resolve_link to flywheel_relay', '| `resolve_link` | flywheel_app, flywheel_relay |'],
  ])('%s', async (_what, change, line) => {
    expect(PAGE).not.toContain(line);
    expect(await pageAfter(change)).toContain(line);
  });

  test('a function with its owner\'s rights that nobody has described', async () => {
    const change = 'create function peek() returns bigint language sql security definer set search_path = public as $$ select count(*) from invites $$';
    await expect(database.superuser.begin(async (tx) => { await tx.unsafe(change); await writeSecurityPage(PAGE, tx); })).rejects.toThrow('what peek is for');
  });
});

test('every column that is sealed, hashed or of free form stands in the map of personal data', async () => {
  const free = (await columns()).filter(({ name, type }) => type === 'bytea' || type === 'jsonb' || /_sealed$|_hash$/.test(name));
  expect(free.length).toBeGreaterThan(20);
  expect(free.map(({ name }) => name).filter((name) => !namedIn(MAP).includes(name))).toEqual([]);
});

test('every column that the map names exists, and is kept as the map says', async () => {
  const types = new Map((await columns()).map(({ name, type }) => [name, type]));
  expect(namedIn(MAP).filter((name) => !types.has(name))).toEqual([]);
  const rows = MAP.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const [, named = '', , how = ''] = row.split('|');
    const kinds = new Set(namedIn(named).map((name) => (name.endsWith('_sealed') ? 'sealed' : name.endsWith('_hash') ? 'keyed hash' : 'plain')));
    for (const kind of kinds) expect(`${row} -> ${how.trim().replace('random;', 'plain;')}`).toContain(kind);
  }
});

test('what is sealed or hashed is kept as bytes', async () => {
  const kept = (await columns()).filter(({ name }) => /_sealed$|_hash$/.test(name));
  expect(kept.filter(({ type }) => type !== 'bytea')).toEqual([]);
});

test('every row of the threat model names a test that there is', () => {
  const rows = section('## Threat model', '## Known limits').split('\n').filter((line) => line.startsWith('| ')).slice(1);
  expect(rows.length).toBeGreaterThan(12);
  expect(rows.filter((row) => !/`test\/[\w/-]+\.test\.ts`/.test(row))).toEqual([]);
  expect(missingFiles(PAGE)).toEqual([]);
});
