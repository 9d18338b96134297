import type { Sql } from '../../db/client.ts';
import { lastClosedAt } from '../../db/read/breakers.ts';

/** Answers whether a breaker has closed since it was asked last: what it held may leave. The first time it only looks. */
export function newsOfBreakers(relay: Sql): () => Promise<boolean> {
  let seenAt: number | undefined;
  return async () => {
    const closedAt = (await lastClosedAt(relay)) ?? 0;
    const isNews = seenAt !== undefined && closedAt > seenAt;
    seenAt = closedAt;
    return isNews;
  };
}
