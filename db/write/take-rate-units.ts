import { bytesArray } from '../array-params.ts';
import type { Sql } from '../client.ts';

/** What is asked of one bucket; `scope` is a keyed hash of 16 bytes. */
export type BucketAsk = { readonly scope: Uint8Array; readonly spacingUs: number; readonly burst: number; readonly need: number; readonly want: number };
/** Units granted, 0 where refused, and when the bucket is full again (microseconds since 1970). */
export type BucketAnswer = { readonly granted: number; readonly fullAtUs: number };

/** Takes units out of shared buckets at `atUs`, in one round trip; answers in the order asked. Each scope at most once. */
export async function takeRateUnits(sql: Sql, asks: readonly BucketAsk[], atUs: number): Promise<BucketAnswer[]> {
  const sorted = asks.map((ask, place) => ({ ask, place })).toSorted((a, b) => Buffer.compare(a.ask.scope, b.ask.scope));
  const rows = await sql<{ granted: number; fullAtUs: number }[]>`
    select granted, full_at_us as "fullAtUs" from take_rate_units(${bytesArray(sorted.map(({ ask }) => ask.scope))}::bytea[], ${sorted.map(({ ask }) => ask.spacingUs)}::bigint[],
      ${sorted.map(({ ask }) => ask.burst)}::bigint[], ${sorted.map(({ ask }) => ask.need)}::bigint[], ${sorted.map(({ ask }) => ask.want)}::bigint[], ${atUs}::bigint)`;
  const answers: BucketAnswer[] = [];
  for (const [i, { place }] of sorted.entries()) {
    const row = rows[i];
    if (row === undefined) throw new Error('a bucket was not answered for');
    answers[place] = row;
  }
  return answers;
}
