import { DAY_MS } from '../send-time/parse-time.ts';
import type { ZoneOffsets } from '../send-time/zone-offsets.ts';
import { dayAt, endOfDay, hasAllDates, startOfDay } from './local-calendar.ts';
import type { Practice } from './practice.ts';
import { freezesEverGivenBy, freezesGivenBy, isPaused, type StreakSupply } from './streak-supply.ts';

/**
 * One way of counting from a practice: from which date to which, and on which zone's calendar. `oneClock`: both dates are that
 * zone's. `complete`: the zone has all dates between.
 */
type Way = { readonly zone: ZoneOffsets; readonly from: number; readonly to: number; readonly oneClock: boolean; readonly complete: boolean };
/** `missed`: dates on which one could have practised and did not, in order. `ways`: those that find the gap covered. */
export type CoveredGap = { readonly missed: readonly number[]; readonly ways: readonly Way[] };

/**
 * The ways of counting the days from a practice to an instant: on the clock of the practice; from its date, which stays what it
 * was, to the date now; on the clock now. While the zone is the same they are one.
 */
export function waysFrom(practice: Practice, { at, zone, day }: Practice): readonly Way[] {
  const complete = hasAllDates(practice.zone, practice.at, at);
  if (practice.zone.name === zone.name) return [{ zone, from: practice.day, to: day, oneClock: true, complete }];
  const [dayThen, completeNow] = [dayAt(zone, practice.at), hasAllDates(zone, practice.at, at)];
  return [
    { zone: practice.zone, from: practice.day, to: dayAt(practice.zone, at), oneClock: true, complete },
    { zone, from: practice.day, to: day, oneClock: false, complete: completeNow && dayThen <= practice.day },
    { zone, from: dayThen, to: day, oneClock: true, complete: completeNow },
  ];
}

/**
 * Does the gap leave the streak whole, and at what price? It does where, in one way of counting, a freeze was held at the end of each
 * missed day; the way with the fewest decides which days are missed. A freeze that was taken back after such a day had covered it. `at`: where the gap ends, or who looks at it; `used`:
 * freezes used before. Null: it does not.
 */
export function coverGap(ways: readonly Way[], supply: StreakSupply, { at, used }: { readonly at: number; readonly used: number }): CoveredGap | null {
  const most = Math.max(0, freezesEverGivenBy(supply, at) - used);
  const covered = ways.flatMap((way) => {
    const missed = missedOn(way, supply, most);
    return missed.length <= most && isCovered(way, missed, supply, used) ? [{ way, missed }] : [];
  });
  const [first, ...others] = covered.map(({ missed }) => missed);
  if (first === undefined) return null;
  return { missed: others.reduce((fewest, other) => (other.length < fewest.length ? other : fewest), first), ways: covered.map(({ way }) => way) };
}

/** The missed days (at most one more than `most`) on one calendar. */
function missedOn({ zone, from, to, complete }: Way, supply: StreakSupply, most: number): number[] {
  const days: number[] = [];
  for (let day = from + 1; day < to && days.length <= most; day += 1) {
    if (!isPaused(supply, day) && (complete || startOfDay(zone, day) !== null)) days.push(day);
  }
  return days;
}

/** Given before the first of them began, and none taken back; or looked at one by one. */
function isCovered({ zone, from }: Way, missed: readonly number[], supply: StreakSupply, used: number): boolean {
  const first = missed[0];
  if (first === undefined) return true;
  if (supply.grants.every(({ count }) => count > 0) && freezesGivenBy(supply, (from - 1) * DAY_MS) >= used + missed.length) return true;
  return missed.every((day, place) => freezesGivenBy(supply, endOfDay(zone, day)) >= used + place + 1);
}

/** The instant at which more than `most` days will have been missed since a practice: in every way of counting. */
export function missesMoreAt(ways: readonly Way[], supply: StreakSupply, most: number): number {
  return Math.max(...ways.map(({ zone, from }) => {
    let day = from;
    for (let left = most + 1; left > 0; ) {
      day += 1;
      if (!isPaused(supply, day) && startOfDay(zone, day) !== null) left -= 1;
    }
    return endOfDay(zone, day);
  }));
}
