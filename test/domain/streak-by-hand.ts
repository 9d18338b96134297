import type { AskedStreak } from '../../src/domain/streak/judge-streak.ts';

/*
 * The rules a second time, written from their text and in another way: dates are texts that Intl shows, the calendar of a zone is what a
 * clock showed when it was looked at every quarter of an hour, freezes are tokens in a list, and the end is found by trying.
 */
const QUARTER_MS = 15 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function shows(zone: string, at: number): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(zone, format);
  return format.format(at);
}

/** Each date that the zone's clock shows, with the first quarter that shows it. */
export function calendarOf(zone: string, fromAt: number, untilAt: number): Map<string, number> {
  const dates = new Map<string, number>();
  for (let at = fromAt; at < untilAt; at += QUARTER_MS) {
    const date = shows(zone, at);
    if (!dates.has(date)) dates.set(date, at);
  }
  return dates;
}

type Calendars = (zone: string) => ReadonlyMap<string, number>;
type Seen = { at: number; zone: string; date: string };
type Ended = { date: string; endedAt: number };

export function byHand({ zone, events, now, freezes, grants = [], pauses = [] }: AskedStreak, calendars: Calendars) {
  const tokens = [...Array.from({ length: freezes }, () => -Infinity), ...grants.flatMap(({ at, count }) => Array.from({ length: count }, () => at))].sort((a, b) => a - b);
  const seen = events.map((event): Seen => ({ ...event, date: shows(event.zone, event.at) }))
    .sort((a, b) => a.at - b.at || (a.date < b.date ? -1 : Number(a.date > b.date)) || (a.zone < b.zone ? -1 : Number(a.zone > b.zone)));

  const between = (clock: string, from: string, to: string): Ended[] => {
    const all = [...calendars(clock)].sort(([a], [b]) => (a < b ? -1 : 1));
    return all.flatMap(([date], place) => {
      if (date <= from || date >= to || pauses.some((pause) => pause.from <= date && date <= pause.to)) return [];
      const after = all[place + 1];
      return after === undefined ? [] : [{ date, endedAt: after[1] }];
    });
  };
  const countings = (before: Seen, after: Seen): [string, string, string][] => [
    [before.zone, before.date, shows(before.zone, after.at)], [after.zone, before.date, after.date], [after.zone, shows(after.zone, before.at), after.date],
  ];
  /** The tokens that are left when each missed day took one; null where one found none. */
  const spend = (purse: readonly number[], missed: readonly Ended[]): number[] | null => {
    const left = [...purse];
    for (const { endedAt } of missed) {
      const [oldest] = left;
      if (oldest === undefined || oldest > endedAt) return null;
      left.shift();
    }
    return left;
  };

  /** Of the ways of counting that find a token for each missed day the one with the fewest. */
  const cover = (purse: readonly number[], before: Seen, after: Seen): { left: number[]; missed: Ended[] } | null => countings(before, after).reduce<{ left: number[]; missed: Ended[] } | null>((best, counting) => {
    const missed = between(...counting);
    const left = spend(purse, missed);
    return left === null || (best !== null && best.missed.length <= missed.length) ? best : { left, missed };
  }, null);

  let purse = tokens;
  let run: string[] = [];
  const used: string[] = [];
  let longest = 0;
  let last: Seen | undefined;
  for (const event of seen) {
    if (last === undefined) run = [event.date];
    else {
      const clocks = [last.zone, event.zone];
      const before = last;
      if (event.date > (run.at(-1) ?? '') && clocks.every((clock) => shows(clock, event.at) > shows(clock, before.at))) {
        const covered = cover(purse, before, event);
        purse = covered?.left ?? purse;
        used.push(...(covered?.missed ?? []).map(({ date }) => date));
        run = covered === null ? [event.date] : [...run, event.date];
      }
    }
    last = event;
    longest = Math.max(longest, run.length);
  }

  const given = tokens.filter((at) => at <= now).length;
  if (last === undefined) return { current: 0, longest: 0, freezesLeft: given, freezesUsed: [], state: 'none', expiresAt: null };
  const latest = last;
  const today = (at: number): Seen => ({ at, zone, date: shows(zone, at) });
  const leftAt = (at: number) => cover(purse, latest, today(at));
  const standing = leftAt(now);
  if (standing === null) return { current: 0, longest, freezesLeft: given - used.length, freezesUsed: used, state: 'broken', expiresAt: null };
  const moments = [...calendars(zone).values(), ...calendars(latest.zone).values()].filter((at) => at > now).sort((a, b) => a - b);
  const practised = countings(latest, today(now)).some(([, from, to]) => to <= from);
  const paused = pauses.some(({ from, to }) => from <= shows(zone, now) && shows(zone, now) <= to);
  return {
    current: run.length, longest, freezesLeft: given - used.length - standing.missed.length, freezesUsed: [...used, ...standing.missed.map(({ date }) => date)],
    state: practised ? 'active' : standing.missed.length > 0 ? 'frozen' : paused ? 'active' : 'at_risk',
    expiresAt: moments.find((at) => leftAt(at) === null) ?? null,
  };
}
