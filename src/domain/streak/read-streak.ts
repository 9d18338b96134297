import type { ZoneOffsets } from '../send-time/zone-offsets.ts';
import { coverGap, missesMoreAt, waysFrom } from './missed-days.ts';
import { practiceAt } from './practice.ts';
import type { StreakStanding } from './streak-standing.ts';
import { freezesHeld, isPaused, type StreakSupply } from './streak-supply.ts';

export const STREAK_STATES = ['none', 'active', 'at_risk', 'frozen', 'broken'] as const;
export type StreakState = (typeof STREAK_STATES)[number];

/** How a streak stands at an instant. Days since 1970-01-01, instants in epoch ms. */
export type Streak = {
  readonly current: number;
  readonly longest: number;
  readonly freezesLeft: number;
  readonly frozenDays: readonly number[];
  /** `active`: practised today, or today is paused. `at_risk`: today is open. `frozen`: so it is, and freezes cover what was missed. */
  readonly state: StreakState;
  /** When it breaks if nothing more happens; the freezes still held are counted in. */
  readonly expiresAt: number | null;
  /** The end of the day by which the next practice keeps it without (another) freeze. */
  readonly dayEndsAt: number | null;
};

/** Nobody looks farther ahead than ten years, however many freezes somebody was given. */
const FARTHEST_DAYS = 3_650;

/** How a streak stands at `now`, which is not before its latest practice, for somebody whose clock is that of `zone`. */
export function readStreak(standing: StreakStanding, { now, zone, supply }: { readonly now: number; readonly zone: ZoneOffsets; readonly supply: StreakSupply }): Streak {
  const { latest, longest, frozenDays } = standing;
  const held = freezesHeld(supply, now, frozenDays.length);
  const over = { current: 0, longest, freezesLeft: held, frozenDays, expiresAt: null, dayEndsAt: null };
  if (latest === null) return { ...over, state: 'none' };
  const moment = practiceAt(now, zone);
  const ways = waysFrom(latest, moment);
  const practisedToday = ways.some(({ from, to }) => to <= from);
  const gap = coverGap(ways, supply, { at: now, used: frozenDays.length });
  if (gap === null) return { ...over, state: 'broken' };
  const covered = gap.missed.length;
  return {
    current: standing.current,
    longest,
    freezesLeft: Math.max(0, held - covered), // one that had covered a day may have been taken back since
    frozenDays: [...frozenDays, ...gap.missed],
    state: stateOf(practisedToday, covered, isPaused(supply, moment.day)),
    expiresAt: missesMoreAt(gap.ways, supply, Math.min(Math.max(held, covered), FARTHEST_DAYS)),
    dayEndsAt: missesMoreAt(gap.ways, supply, covered),
  };
}

function stateOf(practisedToday: boolean, covered: number, pausedToday: boolean): StreakState {
  if (practisedToday) return 'active';
  if (covered > 0) return 'frozen';
  return pausedToday ? 'active' : 'at_risk';
}
