import { openPulse } from '../telemetry/pulse.ts';

export type WorkerHealth = {
  /** How many activities run now. */
  busy(): number;
  /** Runs one activity and counts it meanwhile. */
  watch<T>(activity: () => Promise<T>): Promise<T>;
  /** What is stuck, in words for an operator; null while nothing is. */
  findTrouble(): string | null;
  close(): void;
};

/** A turn takes seconds and a message on the wire five minutes at most: an activity that runs for longer is stuck. */
const LONGEST_ACTIVITY_MS = 600_000;
const LONGEST_SILENCE_MS = 60_000;
const LOOK_EVERY_MS = 10_000;

/**
 * Knows whether a worker is stuck: an activity that does not end, or a pool that neither answers nor fails. A database
 * or a Temporal that is away is no trouble of the worker's own: it goes on trying, and a restart would not help.
 */
export function watchWorker(askDatabase: () => Promise<unknown>, nowMs: () => number = () => performance.now()): WorkerHealth {
  const startedAtMs = new Set<{ readonly at: number }>();
  const pulse = openPulse(LONGEST_SILENCE_MS, nowMs);
  let isAsking = false;
  const look = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    await askDatabase().catch(() => {});
    isAsking = false;
    pulse.beat();
  };
  const timer = setInterval(() => { void look(); }, LOOK_EVERY_MS);
  timer.unref();
  return {
    busy: () => startedAtMs.size,
    async watch(activity) {
      const entry = { at: nowMs() };
      startedAtMs.add(entry);
      try {
        return await activity();
      } finally {
        startedAtMs.delete(entry);
      }
    },
    findTrouble() {
      if (pulse.isLate()) return 'the database has neither answered nor refused for a minute';
      const isStuck = [...startedAtMs].some(({ at }) => nowMs() - at > LONGEST_ACTIVITY_MS);
      return isStuck ? 'an activity has been running for more than ten minutes' : null;
    },
    close: () => { clearInterval(timer); },
  };
}
