import { DAY_MS } from './parse-time.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] as const;

/** An instant on a zone's clock: `Thu 11 June 08:00`. The year is named when it is not that of `now`, seconds when there are any. */
export function localTimeText(at: number, zone: ZoneOffsets, now: number): string {
  const local = onClock(at, zone);
  const year = local.getUTCFullYear() === onClock(now, zone).getUTCFullYear() ? '' : ` ${local.getUTCFullYear()}`;
  const time = local.toISOString().split('T')[1] ?? '';
  return `${dayText(local)}${year} ${time.slice(0, time.startsWith('00', 6) ? 5 : 8)}`;
}

/** A date given in days since 1970-01-01: `Fri 25 December`. */
export function localDateText(epochDay: number): string {
  return dayText(new Date(epochDay * DAY_MS));
}

/** ISO weekdays for people: `Mon-Fri`, `Mon, Wed`. */
export function weekdaysText(days: ReadonlySet<number>): string {
  const inOrder = [...days].sort((one, other) => one - other);
  const first = inOrder[0];
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) return 'no day';
  const isRun = inOrder.length > 2 && last - first === inOrder.length - 1;
  return isRun ? `${weekdayName(first)}-${weekdayName(last)}` : inOrder.map(weekdayName).join(', ');
}

function weekdayName(isoWeekday: number): string {
  return WEEKDAYS[isoWeekday % 7] ?? '';
}

function dayText(date: Date): string {
  return `${WEEKDAYS[date.getUTCDay()] ?? ''} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

/** A date whose UTC fields show the zone's wall clock. */
function onClock(at: number, zone: ZoneOffsets): Date {
  return new Date(at + zone.spanAt(at).offsetMs);
}
