import { ApplicationFailure } from '@temporalio/common';
import { makeMonthPartitions } from '../../db/write/run-retention.ts';
import type { RetentionDeps } from './deps.ts';

/** Makes the partitions of this month and of so many after it. Throws, to be tried again, while the tables are too busy for it. */
export async function makePartitions({ retention, clock, log }: RetentionDeps, { monthsAhead }: { monthsAhead: number }): Promise<{ made: number }> {
  const answer = await makeMonthPartitions(retention, { now: clock.now(), monthsAhead });
  if (answer.outcome !== 'ok') throw ApplicationFailure.create({ message: 'the tables are in use', type: 'TablesBusy', nonRetryable: false });
  if (answer.value.length > 0) log.info({ made: answer.value }, 'months were made ahead');
  return { made: answer.value.length };
}
