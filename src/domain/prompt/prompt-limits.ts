/** How often a member is asked, whatever the loop. Rolling: an hour is the 60 minutes before, a day the 24 hours before. */
export type PromptLimits = {
  readonly perHour: number;
  readonly perDay: number;
  /** After so many in a row that were shown and ignored, nothing is offered… */
  readonly stopAfterIgnored: number;
  /** … for so long. */
  readonly restDays: number;
  /** After a dismissal nothing is offered for so long. */
  readonly coolingHours: number;
};

export const DEFAULT_PROMPT_LIMITS: PromptLimits = { perHour: 1, perDay: 3, stopAfterIgnored: 5, restDays: 30, coolingHours: 24 };

/** One offer that was made, newest first in a history. Epoch ms. */
export type PastPrompt = { readonly decidedAt: number; readonly expiresAt: number; readonly shownAt: number | null; readonly acceptedAt: number | null; readonly dismissedAt: number | null };

export type PromptHold = { readonly reason: 'cap_hour' | 'cap_day' | 'ignored' | 'dismissed'; /** From then on it may be asked again. */ readonly until: number };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What keeps a member from being asked now, the one that holds longest; null: nothing. `history`: newest first, of the last `restDays`. */
export function promptHold(history: readonly PastPrompt[], limits: PromptLimits, now: number): PromptHold | null {
  // An offer that was never shown and is over took nobody's attention.
  const counted = history.filter(({ shownAt, expiresAt }) => shownAt !== null || expiresAt > now);
  const holds = [
    capHold(counted, limits.perHour, HOUR_MS, 'cap_hour', now),
    capHold(counted, limits.perDay, DAY_MS, 'cap_day', now),
    ignoredHold(counted, limits, now),
    dismissedHold(counted, limits, now),
  ].flatMap((hold) => (hold === null || hold.until <= now ? [] : [hold]));
  return holds.reduce<PromptHold | null>((longest, hold) => (longest === null || hold.until > longest.until ? hold : longest), null);
}

function capHold(history: readonly PastPrompt[], most: number, spanMs: number, reason: 'cap_hour' | 'cap_day', now: number): PromptHold | null {
  const leaves = history.map(({ decidedAt, shownAt, expiresAt }) => (shownAt === null ? Math.min(decidedAt + spanMs, expiresAt) : decidedAt + spanMs)).filter((at) => at > now).toSorted((a, b) => a - b);
  if (leaves.length < most) return null;
  // There is room again when fewer than `most` are left; with a cap of 0 never, so say a whole span.
  return { reason, until: (most === 0 ? undefined : leaves[leaves.length - most]) ?? now + spanMs };
}

function ignoredHold(history: readonly PastPrompt[], { stopAfterIgnored, restDays }: PromptLimits, now: number): PromptHold | null {
  const ended = history.filter(({ shownAt, expiresAt, acceptedAt, dismissedAt }) => (shownAt !== null && expiresAt <= now) || acceptedAt !== null || dismissedAt !== null);
  const ignored = ended.slice(0, stopAfterIgnored);
  const [last] = ignored;
  if (last === undefined || ignored.length < stopAfterIgnored || ignored.some(({ acceptedAt, dismissedAt }) => acceptedAt !== null || dismissedAt !== null)) return null;
  return { reason: 'ignored', until: last.decidedAt + restDays * DAY_MS };
}

function dismissedHold(history: readonly PastPrompt[], { coolingHours }: PromptLimits, now: number): PromptHold | null {
  const last = history.reduce<number>((latest, { dismissedAt }) => Math.max(latest, dismissedAt ?? -Infinity), -Infinity);
  return last === -Infinity || last + coolingHours * HOUR_MS <= now ? null : { reason: 'dismissed', until: last + coolingHours * HOUR_MS };
}
