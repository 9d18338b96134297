import type { Database } from '../../db/client.ts';
import { LANE_SIGNAL } from '../../db/write/lane.ts';

/**
 * Hears, for the whole process on one connection, which lanes got something new. A version is read before looking and
 * given back when waiting: what came in between ends the wait at once.
 */
export type LaneListener = {
  version(lane: string): number;
  /** Resolves with true when the lane moved past `seen`, with false after `waitMs` or when `signal` ends the wait. */
  moved(lane: string, seen: number, waitMs: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
};

/** Lane names are `<tenant id>/<lane>`. A lost connection is taken up again by the driver; waits then end by time. */
export async function listenToLanes(db: Database): Promise<LaneListener> {
  const versions = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  const subscription = await db.sql.listen(LANE_SIGNAL, (lane) => {
    versions.set(lane, (versions.get(lane) ?? 0) + 1);
    for (const wake of waiting.get(lane) ?? []) wake();
  });
  const version = (lane: string): number => versions.get(lane) ?? 0;
  return {
    version,
    moved(lane, seen, waitMs, signal) {
      if (version(lane) !== seen) return Promise.resolve(true);
      if (signal.aborted || waitMs <= 0) return Promise.resolve(false);
      return new Promise((resolve) => {
        const finish = (moved: boolean): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          const others = waiting.get(lane);
          others?.delete(onMove);
          if (others?.size === 0) waiting.delete(lane);
          resolve(moved);
        };
        const onMove = (): void => finish(true);
        const onAbort = (): void => finish(false);
        const timer = setTimeout(() => finish(false), waitMs);
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.set(lane, (waiting.get(lane) ?? new Set()).add(onMove));
      });
    },
    close: () => subscription.unlisten(),
  };
}
