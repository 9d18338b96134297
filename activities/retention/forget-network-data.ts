import { forgetNetworkData as forget, type Day } from '../../db/write/run-retention.ts';
import type { RetentionDeps, Turn } from './deps.ts';
import { BATCH_ROWS, takeTurn } from './take-turn.ts';

/** Nulls who and where a visitor was in touches older than 90 days. */
export async function forgetNetworkData(deps: RetentionDeps, { day }: { day: Day }): Promise<Turn> {
  return takeTurn(deps, () => forget(deps.retention, { now: deps.clock.now(), day, most: BATCH_ROWS }));
}
