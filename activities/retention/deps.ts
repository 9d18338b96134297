import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type RetentionDeps = {
  /** As flywheel_retention. */
  retention: Database;
  clock: Clock;
  log: Logger;
  /** Aborts when the worker drains: end after the batch at hand. */
  draining: AbortSignal;
};

/** `more`: call again. `count`: what this call did. */
export type Turn = { outcome: 'done' | 'more' | 'clock_refused'; count: number };
