import { zoneOffsets, type ZoneOffsets } from '../send-time/zone-offsets.ts';
import { addDays, mondayOf, weekBefore, weekOfDay, WEEK_DAYS, type IsoWeek } from './iso-week.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the Monday after the week that a report is about. */
export const REPORT_HOUR = 9;

/** From its first instant (epoch ms, included) to the first of the next (not included). */
export type Span = { readonly startsAt: number; readonly endsAt: number };

/**
 * The first instant (epoch ms) at which a zone's clock shows this time of this day or a later one. So where the clock
 * leaps over it, the leap; where the clock shows it twice, the first time. Throws for a zone that there is not.
 */
export function firstInstantAt(day: string, hour: number, zone: string): number {
  const offsets = zoneOf(zone);
  const localMs = Date.parse(`${day}T00:00:00Z`) + hour * HOUR_MS;
  const shows = (at: number): number => at + offsets.spanAt(at).offsetMs;
  // No zone changes its offset twice within two days: one of these two is in force.
  const before = offsets.spanAt(localMs - DAY_MS).offsetMs;
  const after = offsets.spanAt(localMs + DAY_MS).offsetMs;
  let low = localMs - Math.max(before, after);
  let high = localMs - Math.min(before, after);
  if (shows(low) >= localMs) return low;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shows(middle) >= localMs) high = middle;
    else low = middle;
  }
  return high;
}

/** A calendar day of a zone as instants. One that the zone left out (Samoa, 2011-12-30) is empty. */
export function daySpan(day: string, zone: string): Span {
  return { startsAt: firstInstantAt(day, 0, zone), endsAt: firstInstantAt(addDays(day, 1), 0, zone) };
}

export function weekSpan(week: IsoWeek, zone: string): Span {
  const monday = mondayOf(week);
  return { startsAt: firstInstantAt(monday, 0, zone), endsAt: firstInstantAt(addDays(monday, WEEK_DAYS), 0, zone) };
}

/** When a week's report is due: the Monday after it, at nine by the zone's clock. */
export function reportDueAt(week: IsoWeek, zone: string): number {
  return firstInstantAt(addDays(mondayOf(week), WEEK_DAYS), REPORT_HOUR, zone);
}

/** The week whose report is the latest that is due at an instant (epoch ms). */
export function dueWeek(now: number, zone: string): IsoWeek {
  const last = weekBefore(runningWeek(now, zone));
  return reportDueAt(last, zone) <= now ? last : weekBefore(last);
}

/**
 * The week that a run is about which a tenant's Schedule has started (epoch ms): the latest that is due then, or within an hour. Temporal's
 * clock may be ahead of ours, and its rules of zones older: Monday nine over there is Monday's report here all the same.
 */
export function scheduledWeek(now: number, zone: string): IsoWeek {
  return dueWeek(now + HOUR_MS, zone);
}

/** The calendar day that the zone's clock shows at an instant. */
export function dayAt(now: number, zone: string): string {
  return new Date(now + zoneOf(zone).spanAt(now).offsetMs).toISOString().slice(0, 10);
}

/** The week that is not over at an instant. */
export function runningWeek(now: number, zone: string): IsoWeek {
  return weekOfDay(dayAt(now, zone));
}

function zoneOf(zone: string): ZoneOffsets {
  const offsets = zoneOffsets(zone);
  if (offsets === null) throw new Error(`no such zone: ${zone.slice(0, 64)}`);
  return offsets;
}
