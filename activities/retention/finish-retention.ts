import { ApplicationFailure } from '@temporalio/common';
import { finishRetention as finish, type Day, type RetentionSums } from '../../db/write/run-retention.ts';
import type { RetentionDeps } from './deps.ts';

export type FinishedRetention = ({ outcome: 'finished' } & RetentionSums) | { outcome: 'clock_refused' };

/** Closes the day's report of every tenant and says in the log what was done. */
export async function finishRetention({ retention, clock, log }: RetentionDeps, { day }: { day: Day }): Promise<FinishedRetention> {
  const answer = await finish(retention, { now: clock.now(), day });
  switch (answer.outcome) {
    case 'ok':
      log.info({ day, ...answer.value }, 'retention ran');
      if (answer.value.inDefault > 0) {
        log.warn({ rows: answer.value.inDefault }, 'rows stand in a default partition: months were not made in time, or a clock was wrong');
      }
      return { outcome: 'finished', ...answer.value };
    case 'busy': throw ApplicationFailure.create({ message: 'the tables are in use', type: 'TablesBusy', nonRetryable: false });
    case 'clock_refused':
      log.warn({ why: answer.why }, 'retention does not believe the clock');
      return { outcome: 'clock_refused' };
  }
}
