import postgres from 'postgres';
import type { Database } from '../client.ts';

/**
 * The steps of a retention run, as role flywheel_retention: it may execute the functions of the migrations 0013 and nothing
 * else. They decide by themselves what is over; `now` (epoch ms) is all they are told. Each is one transaction.
 */

/** A day, `2026-11-21`, under which a run is reported. */
export type Day = string;

/** `busy`: somebody else had the tables for longer than may be waited; again later. `clock_refused`: the time cannot be believed. */
export type Answer<T> = { outcome: 'ok'; value: T } | { outcome: 'busy' } | { outcome: 'clock_refused'; why: string };

export type RetentionSums = { rowsRemoved: number; partitionsDropped: number; networkDataRemoved: number; inDefault: number };

const LOCK_NOT_AVAILABLE = '55P03';
/** Raised by `trust_retention_time`. */
const CLOCK_LEAPT = 'FW001';

/** Makes the partitions of `now`'s month and of so many after it, where they are missing; answers their names. */
export async function makeMonthPartitions(db: Database, { now, monthsAhead }: { now: number; monthsAhead: number }): Promise<Answer<string[]>> {
  return answer(async () => only(await db.sql<{ value: string[] }[]>`
    select make_month_partitions(${now}::timestamptz, ${now}::timestamptz + make_interval(months => ${monthsAhead})) as value`));
}

/** Opens the day's run. `done_before`: the day has its report. */
export async function beginRetention(db: Database, now: number): Promise<Answer<{ begun: boolean; day: Day }>> {
  return answer(async () => {
    const outcome = only(await db.sql<{ value: string }[]>`select begin_retention(${now}) as value`);
    return { begun: outcome === 'begun', day: new Date(now).toISOString().slice(0, 10) };
  });
}

/** Nulls visitor and network of up to `most` touches older than 90 days; answers of how many. */
export async function forgetNetworkData(db: Database, { now, day, most }: { now: number; day: Day; most: number }): Promise<Answer<number>> {
  return answer(async () => only(await db.sql<{ value: number }[]>`select forget_network_data(${now}, ${day}, ${most}) as value`));
}

/** The partitions whose month is over for every tenant with a row in it. */
export async function listMonthsOver(db: Database, now: number): Promise<Answer<string[]>> {
  return answer(async () => (await db.sql<{ leaf: string }[]>`select months_over(${now}) as leaf`).map(({ leaf }) => leaf));
}

/** Drops one of them. `not_over`, `unknown`: it is none of them, or no more. */
export async function dropMonth(db: Database, { leaf, now, day }: { leaf: string; now: number; day: Day }): Promise<Answer<'dropped' | 'not_over' | 'unknown'>> {
  return answer(async () => only(await db.sql<{ value: 'dropped' | 'not_over' | 'unknown' }[]>`select drop_month_partition(${leaf}, ${now}, ${day}) as value`));
}

/** Deletes up to `most` rows that are over from months that others still keep; answers how many. */
export async function removeRowsOver(db: Database, { now, day, most }: { now: number; day: Day; most: number }): Promise<Answer<number>> {
  return answer(async () => only(await db.sql<{ value: number }[]>`select remove_rows_over(${now}, ${day}, ${most}) as value`));
}

/** Closes the day's report; answers its sums. */
export async function finishRetention(db: Database, { now, day }: { now: number; day: Day }): Promise<Answer<RetentionSums>> {
  return answer(async () => {
    const [sums] = await db.sql<RetentionSums[]>`
      select rows_removed::float8 as "rowsRemoved", partitions_dropped::float8 as "partitionsDropped", network_data_removed::float8 as "networkDataRemoved",
             in_default::float8 as "inDefault" from finish_retention(${now}, ${day})`;
    if (sums === undefined) throw new Error('retention ended without a sum');
    return sums;
  });
}

async function answer<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { outcome: 'ok', value: await ask() };
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === LOCK_NOT_AVAILABLE) return { outcome: 'busy' };
    if (error instanceof postgres.PostgresError && error.code === CLOCK_LEAPT) return { outcome: 'clock_refused', why: error.message };
    throw error;
  }
}

function only<T>(rows: readonly { value: T }[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a function answered nothing');
  return row.value;
}
