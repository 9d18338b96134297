import { removeRowsOver, type Day } from '../../db/write/run-retention.ts';
import type { RetentionDeps, Turn } from './deps.ts';
import { BATCH_ROWS, takeTurn } from './take-turn.ts';

/** Deletes what is over of tenants with a shorter term, from months that others still keep. */
export async function removeRows(deps: RetentionDeps, { day }: { day: Day }): Promise<Turn> {
  return takeTurn(deps, () => removeRowsOver(deps.retention, { now: deps.clock.now(), day, most: BATCH_ROWS }));
}
