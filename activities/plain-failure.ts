import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Logger } from '../src/telemetry/logger.ts';

/**
 * A failure as it may stand in a history: its kind and code. Messages of databases and vendors can quote addresses and
 * names; those stay in this process, and its log has the place and the code.
 */
export async function withPlainFailures<T>(log: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure || error instanceof CancelledFailure) throw error;
    log.warn({ err: error }, 'an activity failed; Temporal tries it again');
    const type = error instanceof Error ? error.name : typeof error;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
    throw ApplicationFailure.create({ message: `${type}${code}`, type, nonRetryable: false });
  }
}
