/** How long what is waited for, by a payout that has left. */
export type PayoutPatience = {
  /** So long after a hand-over without an answer a rail's list that does not show it is believed. Longer than any request lives. */
  readonly settleMs: number;
  /** So long after its first use a key is surely still known to the rail; afterwards nothing is handed over again. */
  readonly keyLifeMs: number;
  /** So long after the last hand-over a list that does not show it proves that it never arrived. Longer than a rail keeps keys. */
  readonly goneMs: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Providers keep keys for 24 h (Stripe, "Idempotent requests"); an hour less is ours, and as much more before a missing one is believed. */
export const PAYOUT_PATIENCE: PayoutPatience = { settleMs: 15 * MINUTE_MS, keyLifeMs: 23 * HOUR_MS, goneMs: 25 * HOUR_MS };

const FIRST_LOOK_MS = 30_000;
const LONGEST_LOOK_MS = 6 * HOUR_MS;

/** When to look again at something that stands since `sinceAt`: ever less often, from half a minute to six hours. */
export function nextLookAt(sinceAt: number, now: number): number {
  return now + Math.min(LONGEST_LOOK_MS, Math.max(FIRST_LOOK_MS, Math.floor((now - sinceAt) / 2)));
}
