import type { Sql } from '../client.ts';

/** Rows are counted up to here: who asks often must not read a whole backlog each time. */
export const MOST_COUNTED = 10_000;

/** What waits in the outbox (as the relay): how many rows, up to `MOST_COUNTED`, and the instant of the oldest in epoch ms; null where it is empty. */
export async function outboxAge(relay: Sql): Promise<{ waiting: number; oldestAt: number | null }> {
  const [row] = await relay<{ waiting: number; oldestAt: number | null }[]>`
    select (select count(*)::int from (select from outbox limit ${MOST_COUNTED}) counted) as waiting,
           (select created_at from outbox order by id limit 1) as "oldestAt"`;
  return row ?? { waiting: 0, oldestAt: null };
}
