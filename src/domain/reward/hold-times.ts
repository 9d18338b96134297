const DAY_MS = 86_400_000;

/** Until when a reward is held, and when it expires: counted from the end of the hold, so that a hold never eats up its use. */
export function holdTimes(earnedAt: number, holdDays: number, expiresAfterDays: number | undefined): { holdUntil: number; expiresAt: number | null } {
  const holdUntil = earnedAt + holdDays * DAY_MS;
  return { holdUntil, expiresAt: expiresAfterDays === undefined ? null : holdUntil + expiresAfterDays * DAY_MS };
}
