export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;
export const DAY_MS = DAY_MINUTES * MINUTE_MS;

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Minute of the day of a strict `HH:MM`, or null. `24:00` is read only as the end of a range. */
export function parseClockTime(text: unknown, place: 'start' | 'end'): number | null {
  if (typeof text !== 'string') return null;
  if (text === '24:00') return place === 'end' ? DAY_MINUTES : null;
  const found = CLOCK_TIME.exec(text);
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}

/** Days from 1970-01-01 to a `YYYY-MM-DD` that exists in the calendar, or null (2026-02-30). */
export function parseDate(text: unknown): number | null {
  if (typeof text !== 'string' || !DATE.test(text)) return null;
  const midnightAt = Date.parse(`${text}T00:00:00Z`);
  // Engines roll 30 February over into March instead of refusing it, so compare with what came back.
  if (Number.isNaN(midnightAt) || !new Date(midnightAt).toISOString().startsWith(text)) return null;
  return midnightAt / DAY_MS;
}

/**
 * Epoch milliseconds of an ISO 8601 date and time with `Z` or an offset, or null. A time without an offset is refused:
 * it would mean something else on every machine.
 */
export function parseInstant(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const found = INSTANT.exec(text);
  if (found === null || parseDate(found[1]) === null) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
