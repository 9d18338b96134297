import fc from 'fast-check';
import { beginRetention, dropMonth, finishRetention, forgetNetworkData, removeRowsOver } from '../../db/write/run-retention.ts';
import { RETAINED_TABLES } from '../../db/schema/retention.ts';
import type { RetainedTable } from '../../db/schema/retention.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { keepRows, keptIds, makeKeeper, makeMonth, ranADayBefore, removeMonths, runRetention, setTerm } from '../support/retained.ts';
import type { Keeper } from '../support/retained.ts';

const DAY_MS = 86_400_000;
const TERMS = [1, 2, 12, 13, 36] as const;
jest.setTimeout(180_000);

let database: TestDatabase;
let keepers: Keeper[];
beforeAll(async () => {
  database = await openTestDatabase();
  keepers = await Promise.all([36, 36, 36].map((months) => makeKeeper(database, months)));
});
afterAll(() => database.drop());

/** An instant that many months later, on the same day of the month or its last. UTC, as people count. */
function monthsLater(at: number, months: number): number {
  const date = new Date(at);
  const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return target.getTime() + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + (at - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}

function startOfMonth(at: number, months = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

/** Leap days, ends of months and years, and whenever. */
const someNow = fc.oneof(
  fc.constantFrom('2028-02-29T12:00:00Z', '2028-03-01T00:00:00Z', '2028-02-28T23:59:59.999Z', '2027-12-31T23:59:59.999Z', '2028-01-01T00:00:00Z', '2029-03-31T08:00:00Z')
    .map((text) => Date.parse(text)),
  fc.integer({ min: Date.parse('2026-12-01T00:00:00Z'), max: Date.parse('2032-01-01T00:00:00Z') }),
);

type RandomRow = { keeper: number; table: RetainedTable; monthsBack: number; offsetMs: number };
/** Around the beginnings of months, near the terms. */
const someRow: fc.Arbitrary<RandomRow> = fc.record({
  keeper: fc.nat({ max: 2 }),
  table: fc.constantFrom(...RETAINED_TABLES),
  monthsBack: fc.oneof(fc.constantFrom(0, 1, 2, 3, 11, 12, 13, 14, 35, 36, 37), fc.nat({ max: 40 })),
  offsetMs: fc.oneof(fc.constantFrom(-1, 0, 1, -DAY_MS, DAY_MS), fc.integer({ min: -40 * DAY_MS, max: 40 * DAY_MS })),
});

const world = fc.record({
  now: someNow,
  terms: fc.array(fc.constantFrom(...TERMS), { minLength: 3, maxLength: 3 }),
  rows: fc.array(someRow, { minLength: 1, maxLength: 40 }),
  /** Of the months with rows, those that have a partition; the others' rows stand in the default one. */
  hasMonth: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  most: fc.constantFrom(1, 3, 1000),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

type Kept = { id: string; at: number; term: number; table: RetainedTable };

async function arrange({ now, terms, rows, hasMonth }: World): Promise<Kept[]> {
  await emptyEverything();
  await ranADayBefore(database, now);
  for (const [i, keeper] of keepers.entries()) await setTerm(database, keeper.tenantId, terms[i] ?? 36);
  const placed = rows.map((row) => ({ ...row, at: Math.min(now, startOfMonth(now, -row.monthsBack) + row.offsetMs) }));
  const months = [...new Set(placed.map(({ at }) => startOfMonth(at)))];
  for (const [i, month] of months.entries()) if (hasMonth[i % hasMonth.length] === true) await makeMonth(database, month);
  const kept: Kept[] = [];
  for (const [i, keeper] of keepers.entries()) {
    for (const table of RETAINED_TABLES) {
      const own = placed.filter((row) => row.keeper === i && row.table === table);
      const ids = await keepRows(database, keeper, table, own.map(({ at }) => at));
      ids.forEach((id, place) => { kept.push({ id, at: own[place]?.at ?? 0, term: terms[i] ?? 36, table }); });
    }
  }
  return kept;
}

async function emptyEverything(): Promise<void> {
  await removeMonths(database);
  await database.superuser`truncate touches, receipts, decisions`;
}

test('after a run exactly what is over is gone: nothing younger than its tenant\'s term, and nothing left whose month is over', async () => {
  await fc.assert(fc.asyncProperty(world, async (random) => {
    const rows = await arrange(random);
    const { now } = random;
    const sums = await runRetention(database, now, random.most);
    const left = await keptIds(database);
    const gone = rows.filter(({ id }) => !left.has(id));
    // Nothing young is touched: each had lived its whole term, as a calendar counts it.
    expect(gone.filter(({ at, term }) => monthsLater(at, term) > now)).toEqual([]);
    // Nothing old is left: what stays lies in a month that the term still reaches into.
    expect(rows.filter(({ id, at, term }) => left.has(id) && startOfMonth(at, 1) <= startOfMonth(now, -term))).toEqual([]);
    // To the millisecond: months go whole, counted back from the month of the run.
    expect(rows.filter(({ id, at, term }) => left.has(id) !== (at >= startOfMonth(now, -term)))).toEqual([]);
    // At most a month more than the term.
    expect(rows.filter(({ id, at, term }) => left.has(id) && monthsLater(startOfMonth(at), term + 2) <= now)).toEqual([]);
    expect([sums.rowsRemoved, left.size]).toEqual([gone.length, rows.length - gone.length]);
    await expectNetworkDataForgotten(now);
  }), { numRuns: 40, seed: 20_261_121 });
});

/** Exactly those older than 90 days have lost it. */
async function expectNetworkDataForgotten(now: number): Promise<void> {
  const [wrong] = await database.superuser<{ young: number; old: number }[]>`
    select count(*) filter (where recorded_at >= ${now - 90 * DAY_MS} and (visitor_id is null or ip_hash is null))::int as young,
           count(*) filter (where recorded_at < ${now - 90 * DAY_MS} and (visitor_id is not null or ip_hash is not null))::int as old from touches`;
  expect(wrong).toEqual({ young: 0, old: 0 });
}

test('two runs at once remove the same as one, and count each row once', async () => {
  await fc.assert(fc.asyncProperty(world, async (random) => {
    const rows = await arrange(random);
    await Promise.all([runRetention(database, random.now, 2), runRetention(database, random.now, 2)].map((run) => run.catch(() => {})));
    const sums = await runRetention(database, random.now);
    const left = await keptIds(database);
    expect(rows.filter(({ id, at, term }) => left.has(id) !== (at >= startOfMonth(random.now, -term)))).toEqual([]);
    expect(sums.rowsRemoved).toBe(rows.length - left.size);
  }), { numRuns: 15, seed: 7 });
});

test('a clock that leapt by more than a week removes nothing, whichever step it is told to; one that fell behind removes nothing young', async () => {
  await fc.assert(fc.asyncProperty(world, fc.integer({ min: 7 * DAY_MS, max: 60 * 366 * DAY_MS }), async (random, leapMs) => {
    const rows = await arrange(random);
    const [now, day] = [random.now + leapMs, '2040-01-01'];
    const leaves = await database.superuser<{ leaf: string }[]>`select leaf from month_partitions() where first_at is not null`;
    const { retention } = database;
    const answers = await Promise.all([
      beginRetention(retention, now), forgetNetworkData(retention, { now, day, most: 100 }), removeRowsOver(retention, { now, day, most: 100 }),
      finishRetention(retention, { now, day }), ...leaves.map(({ leaf }) => dropMonth(retention, { leaf, now, day })),
    ]);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['clock_refused']));
    expect((await keptIds(database)).size).toBe(rows.length);

    const behind = random.now - leapMs;
    await runRetention(database, behind);
    const left = await keptIds(database);
    expect(rows.filter(({ id, at, term }) => !left.has(id) && monthsLater(at, term) > behind)).toEqual([]);
  }), { numRuns: 20, seed: 11 });
});
