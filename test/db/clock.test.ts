import { isSkewed, MOST_SKEW_MS, openDatabaseClock, type Clock, type MachineClocks } from '../../db/clock.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const HOUR_MS = 3_600_000;
const RESYNC_MS = 10;

/** A database whose clock the test sets, and which may take its time to tell it: the real one, with a function before its own. */
let database: TestDatabase;
let told: Database;
let clock: Clock;
/** The machine's: both run on, and a test sets either ahead. */
const ahead = { wallMs: 0, monotonicMs: 0 };
const machine: MachineClocks = { monotonicMs: () => performance.now() + ahead.monotonicMs, wallMs: () => Date.now() + ahead.wallMs };

beforeAll(async () => {
  database = await openTestDatabase();
  await database.superuser`create schema set_clock`;
  await database.superuser`create table set_clock.by (ahead_ms double precision not null, takes_seconds double precision not null, looks integer not null default 0)`;
  await database.superuser`insert into set_clock.by (ahead_ms, takes_seconds) values (0, 0)`;
  await database.superuser`create function set_clock.clock_timestamp() returns timestamptz language plpgsql volatile as $$
    declare s set_clock.by;
    begin
      update set_clock.by set looks = looks + 1 returning * into s;
      perform pg_sleep(s.takes_seconds);
      return pg_catalog.clock_timestamp() + s.ahead_ms * interval '1 millisecond';
    end $$`;
  await database.superuser.unsafe('grant usage on schema set_clock to public; grant select, update on set_clock.by to public');
  const url = new URL(database.ownerUrl);
  url.searchParams.set('search_path', 'set_clock,pg_catalog,public');
  told = openDatabase({ url: url.href, max: 1, name: 'test clock' });
});
beforeEach(async () => {
  Object.assign(ahead, { wallMs: 0, monotonicMs: 0 });
  await setDatabase(0);
  clock = await openDatabaseClock(told.sql, { machine, resyncMs: RESYNC_MS });
});
afterEach(() => { clock.close(); });
afterAll(async () => {
  await told.close();
  await database.drop();
});

/** Sets the database's clock; resolves when our clock has looked at it since. */
async function setDatabase(aheadMs: number, takesSeconds = 0): Promise<void> {
  await database.superuser`update set_clock.by set ahead_ms = ${aheadMs}, takes_seconds = ${takesSeconds}`;
}

async function looked(times = 2): Promise<void> {
  const looks = async (): Promise<number> => (await database.superuser<{ looks: number }[]>`select looks from set_clock.by`)[0]?.looks ?? 0;
  const before = await looks();
  while ((await looks()) < before + times) await new Promise((wake) => { setTimeout(wake, RESYNC_MS); });
}

/** How far our clock is ahead of the truth, in whole seconds: a busy machine costs milliseconds. */
function aheadSeconds(): number {
  return Math.round((clock.now() - Date.now()) / 1000) + 0;
}

function skewSeconds(): number {
  return Math.round(clock.skewMs() / 1000) + 0;
}

test('a wall clock two hours ahead moves no decision, and is told', async () => {
  ahead.wallMs = 2 * HOUR_MS;
  expect([aheadSeconds(), skewSeconds(), isSkewed(clock)]).toEqual([0, 7200, true]);
  await looked();
  expect([aheadSeconds(), skewSeconds(), isSkewed(clock)]).toEqual([0, 7200, true]);
  ahead.wallMs = 0;
  expect([aheadSeconds(), skewSeconds(), isSkewed(clock)]).toEqual([0, 0, false]);
});

test.each([['ahead', HOUR_MS], ['behind', -HOUR_MS]])('a fail-over to a server that is an hour %s does not move the clock, and is told', async (_where, by) => {
  const before = clock.now();
  await setDatabase(by);
  await looked();
  expect(aheadSeconds()).toBe(0);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect([skewSeconds(), isSkewed(clock)]).toEqual([-by / 1000, true]);
  await setDatabase(0);
  await looked();
  expect([aheadSeconds(), skewSeconds(), isSkewed(clock)]).toEqual([0, 0, false]);
});

test('a machine that slept for an hour believes the database again, because its wall clock says the same', async () => {
  ahead.monotonicMs = -HOUR_MS; // the monotonic clock stands while a machine sleeps
  expect(isSkewed(clock)).toBe(true);
  await looked();
  expect([aheadSeconds(), isSkewed(clock)]).toEqual([0, false]);
});

test('a clock that began with a database an hour ahead does not go back when that is put right, and holds until then', async () => {
  clock.close();
  await setDatabase(HOUR_MS);
  clock = await openDatabaseClock(told.sql, { machine, resyncMs: RESYNC_MS });
  expect([aheadSeconds(), skewSeconds()]).toEqual([3600, -3600]);
  const reached = clock.now();
  await setDatabase(0);
  await looked();
  expect(clock.now()).toBeGreaterThanOrEqual(reached);
  expect([skewSeconds(), isSkewed(clock)]).toEqual([3600, true]);
  Object.assign(ahead, { monotonicMs: HOUR_MS, wallMs: HOUR_MS });
  await setDatabase(HOUR_MS); // an hour later
  await looked();
  expect([aheadSeconds(), isSkewed(clock)]).toEqual([3600, false]);
});

test('small corrections are followed, but never backwards', async () => {
  await setDatabase(20_000);
  await looked();
  expect([aheadSeconds(), isSkewed(clock)]).toEqual([20, false]);
  const reached = clock.now();
  await setDatabase(0);
  await looked();
  expect(clock.now()).toBeGreaterThanOrEqual(reached);
  expect(clock.now() - reached).toBeLessThan(1000);
});

test('a look at a database that hung meanwhile says nothing: the clock is not half its length ahead', async () => {
  await setDatabase(0, 2.5);
  await looked(1);
  await setDatabase(0);
  await looked(1);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(200);
  expect(Math.abs(clock.skewMs())).toBeLessThan(200);
});

test('a look that took long moves no clock by half its length while a quicker one of the last minute fits it', async () => {
  await setDatabase(0, 1.2);
  await looked(2);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(200);
  expect(Math.abs(clock.skewMs())).toBeLessThan(200);
});

test('the limit is what it says', () => {
  ahead.wallMs = MOST_SKEW_MS - 1_000;
  expect(isSkewed(clock)).toBe(false);
  ahead.wallMs = -MOST_SKEW_MS - 1_000;
  expect(isSkewed(clock)).toBe(true);
});
