import type { CapRule } from './cap.ts';
import { localDay } from './local-day.ts';

const HOUR_MS = 3_600_000;
/** No local date is longer than this, not even where a zone changes its side of the date line. */
const LONGEST_DAY_MS = 50 * HOUR_MS;

/** The span a cap counts in at an instant: a date of the tenant's zone (`2026-06-10`) or an hour of UTC (`2026-06-10T14`). */
export function capBucket(at: number, per: CapRule['per'], zone: string): string {
  return per === 'day' ? localDay(at, zone) : new Date(at).toISOString().slice(0, 13);
}

/** When the span after the one at `at` begins (epoch ms). */
export function nextBucketAt(at: number, per: CapRule['per'], zone: string): number {
  if (per === 'hour') return (Math.floor(at / HOUR_MS) + 1) * HOUR_MS;
  return nextLocalDayAt(at, zone);
}

/** The first instant (epoch ms) of the date that a zone shows at `at`. */
export function localDayStartAt(at: number, zone: string): number {
  const today = localDay(at, zone);
  // From two days before, date by date: no zone's date is that long.
  for (let before = at - 48 * HOUR_MS; ;) {
    const next = nextLocalDayAt(before, zone);
    if (localDay(next, zone) >= today) return next;
    before = next;
  }
}

/** The first instant of the next local date, whatever the clock does at midnight: found by halving. */
export function nextLocalDayAt(at: number, zone: string): number {
  const today = localDay(at, zone);
  let [inside, outside] = [at, at + LONGEST_DAY_MS];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (localDay(middle, zone) > today) outside = middle;
    else inside = middle;
  }
  return outside;
}
