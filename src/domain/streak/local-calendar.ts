import { DAY_MS } from '../send-time/parse-time.ts';
import type { ZoneOffsets } from '../send-time/zone-offsets.ts';

/** No zone was ever further from UTC: Manila and Alaska were within 16 hours before they crossed the date line. */
const WIDEST_OFFSET_MS = 16 * 3_600_000;
/** A zone that crosses the date line leaves out one date. */
const MOST_DATES_LEFT_OUT = 2;

/** The date that a zone's clock shows, as days since 1970-01-01. */
export function dayAt(zone: ZoneOffsets, at: number): number {
  return Math.floor((at + zone.spanAt(at).offsetMs) / DAY_MS);
}

/** The first instant that shows the date, whatever time of day it then is; null for a date the zone left out. */
export function startOfDay(zone: ZoneOffsets, day: number): number | null {
  const midnightUtcAt = day * DAY_MS;
  let at = midnightUtcAt - WIDEST_OFFSET_MS;
  while (at < midnightUtcAt + DAY_MS + WIDEST_OFFSET_MS) {
    const { offsetMs, until } = zone.spanAt(at);
    const midnightAt = midnightUtcAt - offsetMs;
    const firstAt = Math.max(at, midnightAt);
    if (firstAt < Math.min(until, midnightAt + DAY_MS)) return firstAt;
    at = until;
  }
  return null;
}

/** The instant at which a date is over: the first of the next date that the zone has. */
export function endOfDay(zone: ZoneOffsets, day: number): number {
  for (let next = day + 1; next <= day + 1 + MOST_DATES_LEFT_OUT; next += 1) {
    const startAt = startOfDay(zone, next);
    if (startAt !== null) return startAt;
  }
  throw new RangeError(`${zone.name} has no date after day ${String(day)}`);
}

/** Whether the zone's clock shows all dates between two instants: to leave one out it moves by a day, and none ever moved back and forth. */
export function hasAllDates(zone: ZoneOffsets, fromAt: number, untilAt: number): boolean {
  return Math.abs(zone.spanAt(fromAt).offsetMs - zone.spanAt(untilAt).offsetMs) < DAY_MS / 2;
}

/** `2026-06-10` of days since 1970-01-01. */
export function dateText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The first date that has begun nowhere on earth yet at `now`, nor will in the next hours: clocks are at most 14 hours ahead of UTC. */
export function firstDateEverybodyHasAhead(now: number): number {
  return Math.floor((now + 14 * 3_600_000 + AN_HOUR_MS) / DAY_MS) + 1;
}

const AN_HOUR_MS = 3_600_000;
