import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Runs one activity and counts it: while it runs, and how it ended. */
export type ActivityWatch = <T>(activity: string, run: () => Promise<T>) => Promise<T>;

/**
 * Activities by type: `activities` are all there are. `slots` is how many may run at once. Each has its counters from the start:
 * of one that appears with its first count, Prometheus sees no increase.
 */
export function activityMetrics(registry: Registry, { slots, activities }: { slots: number; activities: readonly string[] }): ActivityWatch {
  new Gauge({ name: 'flywheel_worker_slots', help: 'Activities this worker may run at once.', registers: [registry] }).set(slots);
  const running = new Gauge({ name: 'flywheel_activities_running', help: 'Activities that run now.', labelNames: ['activity'], registers: [registry] });
  const ended = new Counter({ name: 'flywheel_activities_total', help: 'Activities that ended; a failed one is tried again by Temporal.', labelNames: ['activity', 'outcome'], registers: [registry] });
  for (const activity of activities) for (const outcome of ['completed', 'failed']) ended.inc({ activity, outcome }, 0);
  return async (activity, run) => {
    running.inc({ activity });
    try {
      const result = await run();
      ended.inc({ activity, outcome: 'completed' });
      return result;
    } catch (error) {
      ended.inc({ activity, outcome: 'failed' });
      throw error;
    } finally {
      running.dec({ activity });
    }
  };
}
