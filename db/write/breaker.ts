import { endProbe, hear, PROBE_LEASE_MS, reset, type Breaker, type Heard, type ProbeOutcome } from '../../src/domain/sending/breaker.ts';
import type { Sql, TransactionSql } from '../client.ts';
import { breakerColumns, readBreaker, type BreakerRow } from '../read/breakers.ts';
import { inTransaction } from '../transaction.ts';
import { LANE_SIGNAL } from './lane.ts';

/** What a change made of a breaker. */
export type BreakerChange = { readonly before: Breaker; readonly after: BreakerRow };

/** On the lanes' channel: the relay looks at once what it may call. No lane is called so. */
const BREAKER_CLOSED = 'breaker closed';

/** Adds to a provider's breaker what one process heard; `chance` from 0 to 1. */
export async function hearProvider(sql: Sql, provider: string, heard: Heard, now: number, chance: number): Promise<BreakerChange> {
  return inTransaction(sql, async (tx) => {
    // A row to lock, for the first who has something to tell.
    await tx`
      insert into breakers (provider, failures, answers, counted_since, open_until, openings, probes)
      values (${provider}, 0, 0, ${now}, ${now}, 0, 0) on conflict (provider) do nothing`;
    const before = await lockBreaker(tx, provider);
    return write(tx, before, hear(before, heard, now, chance));
  });
}

/** Takes the trial of a breaker that stands half open, for this caller alone; null where somebody else has it, or there is none to take. */
export async function takeProbe(sql: Sql, provider: string, now: number): Promise<BreakerRow | null> {
  const [row] = await sql<BreakerRow[]>`
    update breakers set probe_until = ${now + PROBE_LEASE_MS}, probes = probes + 1
    where provider = ${provider} and opened_at is not null and open_until <= ${now} and (probe_until is null or probe_until <= ${now})
    returning ${breakerColumns(sql)}`;
  return row ?? null;
}

/** Tells what trial number `probe` came to; null where it is no longer the one that counts. */
export async function endProbeOf(sql: Sql, provider: string, probe: number, outcome: ProbeOutcome, now: number, chance: number): Promise<BreakerChange | null> {
  return inTransaction(sql, async (tx) => {
    const before = await lockBreaker(tx, provider);
    if (before.probes !== probe || before.probeUntil === null) return null;
    return write(tx, before, endProbe(before, outcome, now, chance));
  });
}

/** Closes a provider's breaker by hand; null where there is none. */
export async function resetBreaker(sql: Sql, provider: string, now: number): Promise<BreakerChange | null> {
  return inTransaction(sql, async (tx) => {
    if ((await readBreaker(tx, provider)) === null) return null;
    const before = await lockBreaker(tx, provider);
    return write(tx, before, reset(before, now));
  });
}

async function lockBreaker(tx: TransactionSql, provider: string): Promise<BreakerRow> {
  const [row] = await tx<BreakerRow[]>`select ${breakerColumns(tx)} from breakers where provider = ${provider} for no key update`;
  if (row === undefined) throw new Error('the breaker is gone');
  return row;
}

async function write(tx: TransactionSql, before: BreakerRow, after: Breaker): Promise<BreakerChange> {
  await tx`
    update breakers set failures = ${after.failures}, answers = ${after.answers}, counted_since = ${after.countedSince}, opened_at = ${after.openedAt},
      open_until = ${after.openUntil}, openings = ${after.openings}, reason = ${after.reason}, probe_until = ${after.probeUntil}, closed_at = ${after.closedAt}
    where provider = ${before.provider}`;
  if (before.openedAt !== null && after.openedAt === null) await tx`select pg_notify(${LANE_SIGNAL}, ${BREAKER_CLOSED})`;
  return { before, after: { ...after, provider: before.provider, probes: before.probes } };
}
