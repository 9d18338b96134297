import type { Breaker } from '../../src/domain/sending/breaker.ts';
import type { Sql, TransactionSql } from '../client.ts';

/** A breaker's row. `probes`: the number of its last trial. */
export type BreakerRow = Breaker & { provider: string; probes: number };

/** The columns of `breakers` as a BreakerRow. */
export function breakerColumns(sql: Sql | TransactionSql) {
  return sql`provider, failures, answers, counted_since as "countedSince", opened_at as "openedAt", open_until as "openUntil", openings, reason,
    probe_until as "probeUntil", probes, closed_at as "closedAt"`;
}

/** One provider's; null while nothing of it ever failed. */
export async function readBreaker(sql: Sql | TransactionSql, provider: string): Promise<BreakerRow | null> {
  const [row] = await sql<BreakerRow[]>`select ${breakerColumns(sql)} from breakers where provider = ${provider}`;
  return row ?? null;
}

/** All, open ones first. */
export async function listBreakers(sql: Sql): Promise<BreakerRow[]> {
  return sql<BreakerRow[]>`select ${breakerColumns(sql)} from breakers order by opened_at is null, provider`;
}

/** When a breaker closed last (as the relay); null: none ever did. */
export async function lastClosedAt(relay: Sql): Promise<number | null> {
  const [row] = await relay<{ at: number | null }[]>`select max(closed_at) as at from breakers`;
  return row?.at ?? null;
}
