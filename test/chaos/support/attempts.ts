import { inviteId, type BatchId } from '../../../src/domain/ids.ts';
import { waitUntil } from './wait-until.ts';
import type { WholeStack } from './whole-stack.ts';

/** Highest attempt so far: what is claimed later has a higher one. */
export async function lastAttempt(stack: WholeStack): Promise<number> {
  const [row] = await stack.superuser.sql<{ id: number }[]>`select coalesce(max(id), 0) as id from attempts`;
  return row?.id ?? 0;
}

/** Messages that are claimed now, by attempts after `after`, and neither recorded nor fenced off. */
export async function claimedNow(stack: WholeStack, after: number): Promise<number> {
  const [row] = await stack.superuser.sql<{ count: number }[]>`
    select coalesce(sum(cardinality(ns)), 0)::int as count from attempts where id > ${after} and closed_at is null and fenced_at is null`;
  return row?.count ?? 0;
}

/** Messages claimed by attempts in (after, upTo] that a fence has called unknown, and no late record corrected. */
export async function unknownOf(stack: WholeStack, after: number, upTo: number): Promise<number> {
  const [row] = await stack.superuser.sql<{ count: number }[]>`
    select count(*)::int as count from messages where state = 'unknown' and attempt_id > ${after} and attempt_id <= ${upTo}`;
  return row?.count ?? 0;
}

/** Resolves when the database has let go of a killed process's last transaction. */
export async function waitUntilDisconnected(stack: WholeStack, applicationName: string): Promise<void> {
  await waitUntil(`no connection of the ${applicationName} is left`, 10_000, async () => {
    const rows = await stack.superuser.sql`select 1 from pg_stat_activity where application_name = ${applicationName}`;
    return rows.length === 0;
  });
}

/** When the sink kept the first mail of an attempt after `after`, or null: epoch ms, by the sink's own note. */
export async function firstMailAfter(stack: WholeStack, after: number): Promise<number | null> {
  const rows = await stack.superuser.sql<{ batchId: BatchId; n: number }[]>`
    select u.batch_id as "batchId", u.n from attempts a, unnest(a.batch_ids, a.ns) as u (batch_id, n) where a.id > ${after}`;
  const claimed = new Set<string>(rows.map((row) => inviteId(row)));
  const mail = stack.sink.deliveries().find(({ messageId }) => claimed.has(inviteIdOf(messageId)));
  return mail?.receivedAt ?? null;
}

/** `<inv_….0@host>` */
function inviteIdOf(messageId: string): string {
  return /^<?(inv_[0-9a-z]+)\./.exec(messageId)?.[1] ?? '';
}

/** Waits, for a while, until the process has a transaction open; false where it did nothing in that time. */
export async function catchInTransaction(stack: WholeStack, applicationName: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    const rows = await stack.superuser.sql`select 1 from pg_stat_activity where application_name = ${applicationName} and xact_start is not null`;
    if (rows.length > 0) return true;
  }
  return false;
}
