import { DAY_MS } from './parse-time.ts';

/** What the rules ask about a date of the local calendar. */
export type LocalDay = {
  /** ISO weekday, 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly weekdayBefore: number;
  readonly month: number;
  readonly blackedOut: boolean;
  readonly blackedOutBefore: boolean;
};

/** The local date `epochDay` days after 1970-01-01. The day before is the calendar's, even if the zone skipped it. */
export function localDay(epochDay: number, blackoutDays: ReadonlySet<number>): LocalDay {
  return {
    weekday: weekdayOf(epochDay),
    weekdayBefore: weekdayOf(epochDay - 1),
    month: monthOf(epochDay),
    blackedOut: blackoutDays.has(epochDay),
    blackedOutBefore: blackoutDays.has(epochDay - 1),
  };
}

/** Month, 1 to 12. */
export function monthOf(epochDay: number): number {
  return new Date(epochDay * DAY_MS).getUTCMonth() + 1;
}

/** ISO weekday; day 0 was a Thursday. */
export function weekdayOf(epochDay: number): number {
  return ((((epochDay + 3) % 7) + 7) % 7) + 1;
}
