import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

const RUNS_TOLD = ['started', 'told', 'kept', 'failed', 'begun_again'] as const;
type RunTold = (typeof RUNS_TOLD)[number];

export type RelayMetrics = {
  /** How many rows wait in the outbox (counted up to a bound) and for how long the oldest has. */
  outbox(waiting: number, oldestAgeMs: number): void;
  /** How many lanes the last sweep found late. */
  lateLanes(count: number): void;
  nudged(cause: 'outbox' | 'sweep', outcome: 'told' | 'failed', durationMs: number): void;
  /** A run was started, told something, found closed or resting (`kept`), could not be told, or begins again because Temporal lost it. */
  runTold(outcome: RunTold): void;
  /** How many open runs have lost several lives one soon after the other. */
  runsFailing(count: number): void;
  /** A piece of the loop's work has ended. */
  progressed(): void;
};

const NUDGE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the relay hands over, and what waits for it. Set by its own loop: a scrape asks the database nothing. */
export function relayMetrics(registry: Registry): RelayMetrics {
  const registers = [registry];
  const waiting = new Gauge({ name: 'flywheel_outbox_waiting_rows', help: 'Outbox rows not handed to Temporal yet, as of the last look; 10000 means that many or more.', registers });
  const age = new Gauge({ name: 'flywheel_outbox_oldest_age_seconds', help: 'For how long the oldest outbox row has waited, as of the last look.', registers });
  const late = new Gauge({ name: 'flywheel_lanes_late', help: 'Lanes in which something that nothing holds was more than 15 s late, at the last sweep.', registers });
  const nudges = new Counter({ name: 'flywheel_nudges_total', help: 'Lanes told to look again: of the outbox, or by the sweep.', labelNames: ['cause', 'outcome'], registers });
  const durations = new Histogram({ name: 'flywheel_nudge_duration_seconds', help: 'How long Temporal took to take a nudge.', buckets: NUDGE_BUCKETS, registers });
  const runs = new Counter({ name: 'flywheel_runs_told_total', help: 'Runs handed over from the outbox: started, told something, found closed or resting after a lost life (kept), not told because that failed, or begun again because Temporal had lost them.', labelNames: ['outcome'], registers });
  const failing = new Gauge({ name: 'flywheel_runs_failing', help: 'Open runs that lost three lives or more one soon after the other, as of the last look: their workflow most likely fails.', registers });
  const steps = new Counter({ name: 'flywheel_relay_steps_total', help: 'Pieces of work the relay\'s loop has ended, well or badly.', registers });
  for (const cause of ['outbox', 'sweep']) for (const outcome of ['told', 'failed']) nudges.inc({ cause, outcome }, 0);
  for (const outcome of RUNS_TOLD) runs.inc({ outcome }, 0);
  return {
    outbox(rows, oldestAgeMs) {
      waiting.set(rows);
      age.set(oldestAgeMs / 1000);
    },
    lateLanes: (count) => { late.set(count); },
    nudged(cause, outcome, durationMs) {
      nudges.inc({ cause, outcome });
      durations.observe(durationMs / 1000);
    },
    runTold: (outcome) => { runs.inc({ outcome }); },
    runsFailing: (count) => { failing.set(count); },
    progressed: () => { steps.inc(); },
  };
}
