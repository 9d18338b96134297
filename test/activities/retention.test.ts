import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beginRetention } from '../../activities/retention/begin-retention.ts';
import type { RetentionDeps } from '../../activities/retention/deps.ts';
import { dropMonths } from '../../activities/retention/drop-months.ts';
import { finishRetention } from '../../activities/retention/finish-retention.ts';
import { forgetNetworkData } from '../../activities/retention/forget-network-data.ts';
import { makePartitions } from '../../activities/retention/make-partitions.ts';
import { removeRows } from '../../activities/retention/remove-rows.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { keepRows, keptIds, makeKeeper, makeMonth, monthsOf, ranADayBefore, removeMonths } from '../support/retained.ts';
import type { Keeper } from '../support/retained.ts';

const NOW = Date.parse('2030-11-21T08:00:00Z');
const DAY = '2030-11-21';

let database: TestDatabase;
let keeper: Keeper;
let logged: string[];
let draining: AbortController;
let deps: RetentionDeps;
beforeEach(async () => {
  database = await openTestDatabase();
  await removeMonths(database);
  await ranADayBefore(database, NOW);
  keeper = await makeKeeper(database, 36);
  logged = [];
  draining = new AbortController();
  deps = {
    retention: database.retention, draining: draining.signal, clock: standing(NOW),
    log: createLogger({ level: 'info', destination: { write: (line: string) => { logged.push(line); } } }),
  };
});
afterEach(() => database.drop());

const standing = (at: number): RetentionDeps['clock'] => ({ now: () => at, skewMs: () => 0, close: () => {} });
const run = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);
const old = (count: number): number[] => Array.from({ length: count }, (_, i) => Date.parse('2025-03-01T00:00:00Z') + i * 1_000);

test('a run from beginning to end leaves what is young and says in the log what it did, by figures alone', async () => {
  await makeMonth(database, Date.parse('2025-03-01T00:00:00Z'));
  await keepRows(database, keeper, 'receipts', old(5));
  await keepRows(database, keeper, 'touches', [...old(3).map((at) => at - 40 * 86_400_000)]);
  const [young] = await keepRows(database, keeper, 'decisions', [NOW - 86_400_000]);
  expect(await run(() => makePartitions(deps, { monthsAhead: 3 }))).toEqual({ made: 12 });
  expect(await run(() => beginRetention(deps))).toEqual({ outcome: 'begun', day: DAY });
  expect(await run(() => forgetNetworkData(deps, { day: DAY }))).toEqual({ outcome: 'done', count: 3 });
  expect(await run(() => dropMonths(deps, { day: DAY }))).toEqual({ outcome: 'done', count: 3 });
  expect(await run(() => removeRows(deps, { day: DAY }))).toEqual({ outcome: 'done', count: 3 });
  expect(await run(() => finishRetention(deps, { day: DAY }))).toEqual({ outcome: 'finished', rowsRemoved: 8, partitionsDropped: 1, networkDataRemoved: 3, inDefault: 0 });
  expect(await keptIds(database)).toEqual(new Set([young]));
  expect(await monthsOf(database, 'receipts')).toEqual(['2030_11', '2030_12', '2031_01', '2031_02']);
  expect(logged.filter((line) => line.includes('"retention ran"') && line.includes('"rowsRemoved":8'))).toHaveLength(1);
  expect(logged.filter((line) => line.includes(keeper.tenantId))).toEqual([]);
  expect(await run(() => beginRetention(deps))).toEqual({ outcome: 'done_before', day: DAY });
});

test('a worker that drains ends after the batch at hand, and the next call goes on from there', async () => {
  await keepRows(database, keeper, 'receipts', old(5_000));
  draining.abort();
  const turns = [await run(() => removeRows(deps, { day: DAY })), await run(() => removeRows(deps, { day: DAY })), await run(() => removeRows(deps, { day: DAY }))];
  expect(turns).toEqual([{ outcome: 'more', count: 2_000 }, { outcome: 'more', count: 2_000 }, { outcome: 'more', count: 1_000 }]);
  expect(await run(() => removeRows(deps, { day: DAY }))).toEqual({ outcome: 'done', count: 0 });
  const [report] = await database.superuser`select rows_removed::int as removed from retention_reports where table_name = 'receipts' and tenant_id = ${keeper.tenantId}`;
  expect(report).toEqual({ removed: 5_000 });
});

test('every batch tells Temporal that the turn lives', async () => {
  await keepRows(database, keeper, 'touches', old(4_100));
  const environment = new MockActivityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => { beats += 1; });
  await environment.run(() => forgetNetworkData(deps, { day: DAY }));
  expect(beats).toBe(4);
});

test('a clock that leapt is an outcome of every step, logged with what an operator can do', async () => {
  await keepRows(database, keeper, 'receipts', old(3));
  await makeMonth(database, Date.parse('2025-03-01T00:00:00Z'));
  const leapt = { ...deps, clock: standing(NOW + 4 * 365 * 86_400_000) };
  const steps = [beginRetention, forgetNetworkData, dropMonths, removeRows, finishRetention] as const;
  for (const step of steps) expect(await run(async (): Promise<{ outcome: string }> => step(leapt, { day: DAY }))).toMatchObject({ outcome: 'clock_refused' });
  expect(logged.filter((line) => line.includes('accept_retention_time'))).toHaveLength(steps.length);
  expect((await keptIds(database)).size).toBe(3);
});

test('months that cannot be made now are asked for again, by Temporal', async () => {
  await database.superuser.begin(async (sql) => {
    await sql`lock table touches_default in access share mode`;
    await expect(makePartitions(deps, { monthsAhead: 0 })).rejects.toThrow(ApplicationFailure);
  });
  expect(await run(() => makePartitions(deps, { monthsAhead: 0 }))).toEqual({ made: 3 });
});
