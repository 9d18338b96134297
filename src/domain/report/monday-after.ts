import { addDays, mondayOf, WEEK_DAYS, type IsoWeek } from './iso-week.ts';

const HOUR_MS = 3_600_000;
/** The clocks that are farthest from UTC: Kiritimati before it, Baker Island behind. */
const FIRST_MS = 14 * HOUR_MS;
const LAST_MS = 12 * HOUR_MS;

/**
 * The Monday after a week, anywhere: from when it begins on the earliest clock there is to when it ends on the latest (epoch ms). It holds that
 * one Monday of every zone whole, and no other.
 */
export function mondayAfter(week: IsoWeek): { readonly beginsAt: number; readonly endsAt: number } {
  const midnightAt = Date.parse(`${addDays(mondayOf(week), WEEK_DAYS)}T00:00:00Z`);
  return { beginsAt: midnightAt - FIRST_MS, endsAt: midnightAt + 24 * HOUR_MS + LAST_MS };
}
