import { findClocksInCode, findClocksInSql } from './support/find-clocks.ts';
import { readFiles } from './support/source-files.ts';

/** Where the database's clock is read, where a migration's own bookkeeping notes when it ran, and a workflow's time, which Temporal records. */
const THE_CLOCK = 'db/clock.ts';
const MAY_READ_CLOCKS = [THE_CLOCK, 'db/migrate.ts', 'workflows/kit/now.ts'];

const allFiles = readFiles(['src', 'workflows', 'activities', 'db'], '.ts').filter((file) => !file.path.startsWith('src/dev/'));
const productFiles = allFiles.filter((file) => !MAY_READ_CLOCKS.includes(file.path));

test('business time comes from one clock: no code of the product reads another', () => {
  expect(productFiles.length).toBeGreaterThan(10);
  expect(productFiles.flatMap(findClocksInCode)).toEqual([]);
});

test('the one clock reads the database, and the machine\'s wall clock in one place: to tell how far that is off', () => {
  const read = allFiles.filter(({ path }) => path === THE_CLOCK).flatMap(findClocksInCode).map((found) => found.replace(/^.* reads a clock: /, ''));
  expect(read.toSorted()).toEqual(['Date.now', 'clock_timestamp']);
});

test('no migration lets the database decide by its own clock, not even as a column default', () => {
  const migrations = readFiles(['db'], '.sql');
  expect(migrations.length).toBeGreaterThan(0);
  expect(migrations.flatMap(findClocksInSql)).toEqual([]);
});

describe('the check bites', () => {
  test.each([
    'const at = Date.now();',
    "const at = Date['now']();",
    'const clock = Date.now;',
    'const at = new Date();',
    'const at = new Date;',
    'const at = Date();',
    'const at = DateTime.now();',
    'const at = DateTime.utc();',
    'const rows = await sql`select * from invites where due_at <= now()`;',
    'const rows = await sql`update invites set due_at = ${at} where until < CURRENT_TIMESTAMP`;',
    "await sql.unsafe('select clock_timestamp()');",
    "const sql = `select 'now'::timestamptz`;",
    "const createdAt = instant('created_at').notNull().defaultNow();",
  ])('%s', (text) => {
    expect(findClocksInCode({ path: 'src/api/x.ts', text })).toEqual([expect.stringMatching(/^src\/api\/x\.ts:1 reads a clock: /)]);
  });

  test.each(['  at timestamptz not null default now(),', 'select current_date;', "insert into x values ('now');", 'until < LOCALTIMESTAMP'])('%s', (text) => {
    expect(findClocksInSql({ path: 'db/migrations/x.sql', text })).toHaveLength(1);
  });
});

test.each([
  'const at = new Date(now);',
  'const at = Date.parse(text);',
  'const at = clock.now();',
  'const startedAt = performance.now();',
  "const at = DateTime.utc(2026, 6, 1);",
  'const rows = await sql`select * from invites where due_at <= ${now}`;',
])('%s is no clock', (text) => {
  expect(findClocksInCode({ path: 'src/api/x.ts', text })).toEqual([]);
});

test('a comment in a migration may speak of now()', () => {
  expect(findClocksInSql({ path: 'db/migrations/x.sql', text: '-- never now()' })).toEqual([]);
});
