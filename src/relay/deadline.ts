import { setMaxListeners } from 'node:events';
import type { ConnectionLike } from '@temporalio/client';

const CALL_DEADLINE_MS = 10_000;

/**
 * Gives up the calls to Temporal that `work` makes after ten seconds: the relay must never hang on one of them. Measured
 * on the monotonic clock: a gRPC deadline is an hour of the wall clock's, and with that set ahead while we run, every
 * call would be over before it began.
 */
export async function withinDeadline<T>(connection: ConnectionLike, work: () => Promise<T>, limitMs = CALL_DEADLINE_MS): Promise<T> {
  const over = new AbortController();
  // Each call leaves a listener there, until the deadline and all that hangs on it is gone: no leak to be warned of.
  setMaxListeners(0, over.signal);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Temporal did not answer within ${String(limitMs / 1000)} s`));
      over.abort();
    }, limitMs);
  });
  try {
    return await Promise.race([connection.withAbortSignal(over.signal, work), limit]);
  } finally {
    clearTimeout(timer);
  }
}
