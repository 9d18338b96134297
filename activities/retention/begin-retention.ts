import { ApplicationFailure } from '@temporalio/common';
import { beginRetention as begin, type Day } from '../../db/write/run-retention.ts';
import type { RetentionDeps } from './deps.ts';

export type BegunRetention = { outcome: 'begun'; day: Day } | { outcome: 'done_before'; day: Day } | { outcome: 'clock_refused' };

/** Opens the run of the day (UTC) by our clock. A clock that leapt is refused by the database, with what an operator can do. */
export async function beginRetention({ retention, clock, log }: RetentionDeps): Promise<BegunRetention> {
  const answer = await begin(retention, clock.now());
  switch (answer.outcome) {
    case 'ok': return { outcome: answer.value.begun ? 'begun' : 'done_before', day: answer.value.day };
    case 'busy': throw ApplicationFailure.create({ message: 'the tables are in use', type: 'TablesBusy', nonRetryable: false });
    case 'clock_refused':
      log.warn({ why: answer.why }, 'retention does not believe the clock');
      return { outcome: 'clock_refused' };
  }
}
