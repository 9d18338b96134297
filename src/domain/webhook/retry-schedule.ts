const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after each failed try the next is made: the schedule that Standard Webhooks 1.0.0 recommends, 75 hours and a half in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS,
];
/** The first and one after each delay. */
export const TRIES = RETRY_DELAYS_MS.length + 1;

/** A delay is longer by up to this share of it, so that what failed together does not come back together. */
const JITTER = 0.2;
/** An endpoint that asks for more time gets it, but no more than this. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR_MS;

/** When nothing has got through for so long and a delivery is given up, its endpoint is disabled. */
export const FAILING_FOR_MS = 5 * 24 * HOUR_MS;

/**
 * When to try again (epoch ms) after the `tries`-th try has failed at `now`; null: it is given up. `chance` is drawn from
 * [0, 1). `retryAfterMs` is what the endpoint asked for, where it did.
 */
export function nextTryAt({ tries, now, chance, retryAfterMs }: { tries: number; now: number; chance: number; retryAfterMs: number | null }): number | null {
  const delayMs = RETRY_DELAYS_MS[tries - 1];
  if (delayMs === undefined) return null;
  const jittered = Math.round(delayMs * (1 + JITTER * chance));
  return now + Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** Is an endpoint to be disabled now that one of its deliveries was given up? */
export function hasFailedTooLong(failingSince: number | null, now: number): boolean {
  return failingSince !== null && now - failingSince >= FAILING_FOR_MS;
}
