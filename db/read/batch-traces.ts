import type { BatchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** The traces (`traceparent`) in which these batches were accepted, the oldest batch's first; of most batches there is none. */
export async function batchTraces(tx: Tx, batchIds: readonly BatchId[]): Promise<string[]> {
  const rows = await tx.sql<{ traceparent: string }[]>`
    select traceparent from invite_batches where id = any(${[...new Set(batchIds)]}::text[]) and traceparent is not null order by id`;
  return [...new Set(rows.map(({ traceparent }) => traceparent))];
}
