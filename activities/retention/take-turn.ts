import { Context } from '@temporalio/activity';
import type { Answer } from '../../db/write/run-retention.ts';
import type { RetentionDeps, Turn } from './deps.ts';

/** A call gives its slot back after this long; a worker that drains waits for a batch, not for a turn. */
const TURN_MS = 20_000;
/** Rows of one transaction: some tens of milliseconds. */
export const BATCH_ROWS = 2_000;
const BUSY_PAUSE_MS = 1_000;

/**
 * Runs a step batch after batch until one finds nothing, or the turn is over. Nothing is kept between batches but what each
 * committed: cut off anywhere, the next call goes on from there.
 */
export async function takeTurn({ log, draining }: RetentionDeps, step: () => Promise<Answer<number>>): Promise<Turn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  let count = 0;
  for (;;) {
    context.heartbeat();
    const answer = await step();
    if (answer.outcome === 'clock_refused') {
      log.warn({ why: answer.why }, 'retention does not believe the clock');
      return { outcome: 'clock_refused', count };
    }
    if (answer.outcome === 'ok' && answer.value === 0) return { outcome: 'done', count };
    if (answer.outcome === 'ok') count += answer.value;
    else await new Promise((resolve) => { setTimeout(resolve, BUSY_PAUSE_MS); });
    if (draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs) return { outcome: 'more', count };
  }
}
