import type { ConnectionLike } from '@temporalio/client';

const CALL_DEADLINE_MS = 10_000;

/** Gives up the calls to Temporal that `work` makes after ten seconds: the relay must never hang on one of them. */
export function withinDeadline<T>(connection: ConnectionLike, work: () => Promise<T>): Promise<T> {
  // gRPC deadlines are read off this machine's own clock.
  return connection.withDeadline(performance.timeOrigin + performance.now() + CALL_DEADLINE_MS, work);
}
