import { coverGap, waysFrom } from './missed-days.ts';
import { inOrder, type Practice } from './practice.ts';
import type { StreakSupply } from './streak-supply.ts';

/** What a member's practices come to, up to the latest: all that is needed to go on from there. Days since 1970-01-01. */
export type StreakStanding = {
  readonly current: number;
  readonly longest: number;
  readonly latest: Practice | null;
  readonly creditedDay: number | null;
  /** The days that freezes have covered, in order. */
  readonly frozenDays: readonly number[];
};

export const NOTHING_YET: StreakStanding = { current: 0, longest: 0, latest: null, creditedDay: null, frozenDays: [] };

/**
 * Adds a practice that is not before the latest. Its day is credited when its date is later than the last credited one and, on
 * each one clock by itself, a date has passed since the practice before: so no change of zone makes two days of an hour. The
 * days between go to freezes if those cover them all; else the streak begins again, and no freeze is spent on it.
 */
export function addPractice(standing: StreakStanding, practice: Practice, supply: StreakSupply): StreakStanding {
  const { latest, creditedDay, longest, frozenDays } = standing;
  if (latest === null || creditedDay === null) return { ...NOTHING_YET, current: 1, longest: 1, latest: practice, creditedDay: practice.day };
  const ways = waysFrom(latest, practice);
  if (practice.day <= creditedDay || ways.some(({ from, to, oneClock }) => oneClock && to <= from)) return { ...standing, latest: practice };
  const used = frozenDays.length;
  const gap = coverGap(ways, supply, { at: practice.at, used });
  const current = gap === null ? 1 : standing.current + 1;
  return { current, longest: Math.max(longest, current), latest: practice, creditedDay: practice.day, frozenDays: [...frozenDays, ...gap?.missed ?? []] };
}

/** What practices in any order come to, repeated ones included. */
export function standingOf(practices: readonly Practice[], supply: StreakSupply): StreakStanding {
  return inOrder(practices).reduce((standing, practice) => addPractice(standing, practice, supply), NOTHING_YET);
}
