const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Epoch milliseconds as ISO 8601 in UTC, to the second for people to read. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** `2026-06-10 12:00:00 UTC`, from ISO 8601. */
export function readable(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

/** A length of time as people say it, rounded down: `45 s`, `12 min`, `10 h 30 min`, `3 days 4 h`. */
export function lengthText(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < SECOND_MS) return `${String(Math.round(abs))} ms`;
  if (abs < MINUTE_MS) return `${String(Math.floor(abs / SECOND_MS))} s`;
  if (abs < HOUR_MS) return `${String(Math.floor(abs / MINUTE_MS))} min`;
  if (abs < DAY_MS) return parted(Math.floor(abs / HOUR_MS), 'h', Math.floor((abs % HOUR_MS) / MINUTE_MS), 'min');
  const days = Math.floor(abs / DAY_MS);
  return parted(days, days === 1 ? 'day' : 'days', Math.floor((abs % DAY_MS) / HOUR_MS), 'h');
}

function parted(whole: number, unit: string, rest: number, restUnit: string): string {
  return `${String(whole)} ${unit}${rest === 0 ? '' : ` ${String(rest)} ${restUnit}`}`;
}
