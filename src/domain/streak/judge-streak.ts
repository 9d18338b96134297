import { parseDate } from '../send-time/parse-time.ts';
import { zoneOffsets } from '../send-time/zone-offsets.ts';
import { practiceAt } from './practice.ts';
import { readStreak, type Streak } from './read-streak.ts';
import { standingOf } from './streak-standing.ts';
import type { Pause, StreakSupply } from './streak-supply.ts';

/** How many practices one question may name. */
export const MOST_PRACTICES = 4_000;
/** Holidays and illnesses; a day that is paused costs as much to look at as one that is not. */
export const LONGEST_PAUSE_DAYS = 366;

/** Instants in epoch ms, dates as `2026-06-10`, zones by their IANA names. */
export type AskedStreak = {
  readonly zone: string;
  readonly events: readonly { readonly at: number; readonly zone: string }[];
  readonly now: number;
  readonly freezes: number;
  readonly grants?: readonly { readonly at: number; readonly count: number }[] | undefined;
  readonly pauses?: readonly { readonly from: string; readonly to: string }[] | undefined;
};

/** `where`: the way to the field, as `['events', 3, 'zone']`. */
export type StreakFault = { readonly where: readonly (string | number)[]; readonly message: string };
export type JudgedStreak = { readonly outcome: 'streak'; readonly streak: Streak } | { readonly outcome: 'refused'; readonly faults: readonly StreakFault[] };

/** How a streak stands at `now`; refused where a zone is unknown, something has yet to happen, or a pause is none. */
export function judgeStreak({ zone: zoneName, events, now, freezes, grants = [], pauses = [] }: AskedStreak): JudgedStreak {
  const faults: StreakFault[] = [];
  const zone = zoneOffsets(zoneName);
  if (zone === null) faults.push({ where: ['zone'], message: NO_ZONE });
  const practices = events.flatMap(({ at, zone: name }, place) => {
    const itsZone = zoneOffsets(name);
    if (itsZone === null) faults.push({ where: ['events', place, 'zone'], message: NO_ZONE });
    if (at > now) faults.push({ where: ['events', place, 'at'], message: 'This is after `now`: what has yet to happen cannot be counted' });
    return itsZone === null ? [] : [practiceAt(at, itsZone)];
  });
  grants.forEach(({ at }, place) => {
    if (at > now) faults.push({ where: ['grants', place, 'at'], message: 'This is after `now`: it has not been given yet' });
  });
  const read = pauses.map((pause) => readPause(pause));
  read.forEach((pause, place) => {
    if (typeof pause === 'string') faults.push({ where: ['pauses', place], message: pause });
  });
  if (zone === null || faults.length > 0) return { outcome: 'refused', faults };
  const supply: StreakSupply = { freezes, grants, pauses: read.flatMap((pause) => (typeof pause === 'string' ? [] : [pause])) };
  return { outcome: 'streak', streak: readStreak(standingOf(practices, supply), { now, zone, supply }) };
}

const NO_ZONE = 'Give the name of an IANA zone, as in Europe/Paris';

/** A pause by its dates, or what is wrong with it. */
export function readPause({ from, to }: { readonly from: string; readonly to: string }): Pause | string {
  const [firstDay, lastDay] = [parseDate(from), parseDate(to)];
  if (firstDay === null || lastDay === null) return 'Give dates of the calendar, as in 2026-06-10';
  if (lastDay < firstDay) return '`to` must not be before `from`';
  return lastDay - firstDay < LONGEST_PAUSE_DAYS ? { firstDay, lastDay } : `A pause lasts ${String(LONGEST_PAUSE_DAYS)} days at most`;
}
