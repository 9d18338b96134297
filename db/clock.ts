import type { Sql } from './client.ts';

/** The one clock: epoch milliseconds. Everything that decides by time takes its `now` from here. */
export type Clock = { now(): number; close(): void };

const RESYNC_MS = 10_000;

/**
 * The database's clock, read without a round trip: synchronised now and every ten seconds, carried on between by
 * this machine's monotonic clock. A machine whose own wall clock is wrong changes nothing.
 */
export async function openDatabaseClock(sql: Sql): Promise<Clock> {
  let offsetMs = await measureOffset(sql);
  let last = 0;
  const timer = setInterval(() => {
    measureOffset(sql).then(
      (measured) => { offsetMs = measured; },
      () => { /* unreachable for now: the monotonic clock carries on */ },
    );
  }, RESYNC_MS);
  timer.unref();
  return {
    now: () => (last = Math.max(last, Math.floor(performance.now() + offsetMs))),
    close: () => clearInterval(timer),
  };
}

async function measureOffset(sql: Sql): Promise<number> {
  const before = performance.now();
  const [row] = await sql<{ ms: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  const after = performance.now();
  if (row === undefined) throw new Error('the database did not tell its time');
  return row.ms - (before + after) / 2;
}
