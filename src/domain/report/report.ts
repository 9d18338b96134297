import type { Unit } from '../money/unit.ts';
import type { DailyFigure, DailyReferrer, Figure } from './daily-figures.ts';
import { daysOf, weekBefore, type IsoWeek } from './iso-week.ts';
import { kFactor, type KFactor } from './k-factor.ts';
import type { Span } from './week-times.ts';

/** What is counted per loop and in all. */
export const COUNTED = ['invites', 'clicks', 'signUps', 'firstValues', 'conversions'] as const;
export type Counted = (typeof COUNTED)[number];
export const REWARD_COUNTS = ['held', 'released', 'paid'] as const;
export type RewardCount = (typeof REWARD_COUNTS)[number];

/** A number and the same of the week before; `before` null: that week was not counted. */
export type Compared = { readonly now: number; readonly before: number | null };
export type ComparedK = KFactor & { /** K of the week before. */ readonly before: number | null };
export type Counts = Readonly<Record<Counted, Compared>>;
export type LoopFigures = Counts & { /** Null: by links that belong to no program. */ readonly loop: string | null; readonly kSignUp: ComparedK; readonly kFirstValue: ComparedK };
export type AmountsOfUnit = { readonly unit: Unit; readonly conversions: Compared } & Readonly<Record<RewardCount, Compared>>;
export type DayFigures = { readonly day: string } & Readonly<Record<Counted, number>>;
export type TopReferrer = { readonly externalId: string; readonly signUps: number; readonly firstValues: number };

/** The whole report of a week, as it is stored, answered, mailed and drawn. Amounts are in minor units, instants epoch ms. */
export type WeeklyReport = Span & {
  readonly week: IsoWeek;
  readonly zone: string;
  readonly madeAt: number;
  /** Made after the week was over. */
  readonly isOver: boolean;
  readonly totals: Counts;
  readonly rewards: Readonly<Record<RewardCount, Compared>>;
  readonly activeMembers: Compared;
  readonly kSignUp: ComparedK;
  readonly kFirstValue: ComparedK;
  readonly loops: readonly LoopFigures[];
  readonly amounts: readonly AmountsOfUnit[];
  readonly days: readonly DayFigures[];
  readonly topReferrers: readonly TopReferrer[];
};

export type ReportFacts = Span & { readonly week: IsoWeek; readonly zone: string; readonly now: number; /** Of this week and the one before. */ readonly figures: readonly DailyFigure[]; readonly referrers: readonly DailyReferrer[] };

const FIGURE_OF = { invites: 'invites', clicks: 'clicks', signUps: 'sign_ups', firstValues: 'first_values', conversions: 'conversions' } as const satisfies Record<Counted, Figure>;
const REWARD_FIGURE_OF = { held: 'rewards_held', released: 'rewards_released', paid: 'rewards_paid' } as const satisfies Record<RewardCount, Figure>;
const TOP_REFERRERS = 10;

/** Adds the daily roll-ups up to the report of a week against the week before. Pure: the same rows give the same report. */
export function composeReport({ week, zone, startsAt, endsAt, now, figures, referrers }: ReportFacts): WeeklyReport {
  const days = daysOf(week);
  const [current, earlier] = [within(figures, days), within(figures, daysOf(weekBefore(week)))];
  // Every day that was counted has a row of who was active, be it 0.
  const comparable = new Set(earlier.filter(({ figure }) => figure === 'active_in_week').map(({ day }) => day)).size === days.length;
  const before = comparable ? earlier : null;
  const active: Compared = { now: activeIn(current), before: before === null ? null : activeIn(before) };
  const loops = [...new Set(current.concat(before ?? []).filter(isCountedFigure).map(({ loop }) => loop))].toSorted(byName);
  const totals = countsOf(current, before);
  return {
    week, zone, startsAt, endsAt, madeAt: now, isOver: now >= endsAt,
    totals,
    rewards: perReward((kind) => compared(current, before, (rows) => sumOf(rows, REWARD_FIGURE_OF[kind]).count)),
    activeMembers: active,
    kSignUp: kOf(totals.signUps, active), kFirstValue: kOf(totals.firstValues, active),
    loops: loops.map((loop) => loopFigures(loop, current, before, active)),
    amounts: amountsOf(current, before),
    days: days.map((day) => ({ day, ...perCounted((name) => sumOf(current.filter((row) => row.day === day), FIGURE_OF[name]).count) })),
    topReferrers: topOf(referrers.filter(({ day }) => days.includes(day))),
  };
}

function loopFigures(loop: string | null, current: readonly DailyFigure[], before: readonly DailyFigure[] | null, active: Compared): LoopFigures {
  const ofLoop = (rows: readonly DailyFigure[]): DailyFigure[] => rows.filter((row) => row.loop === loop);
  const counts = countsOf(ofLoop(current), before === null ? null : ofLoop(before));
  return { loop, ...counts, kSignUp: kOf(counts.signUps, active), kFirstValue: kOf(counts.firstValues, active) };
}

/** The same denominator for every loop: so their Ks add up to that of all. */
function kOf(brought: Compared, active: Compared): ComparedK {
  return { ...kFactor(brought.now, active.now), before: brought.before === null || active.before === null ? null : kFactor(brought.before, active.before).k };
}

function countsOf(current: readonly DailyFigure[], before: readonly DailyFigure[] | null): Counts {
  return perCounted((name) => compared(current, before, (rows) => sumOf(rows, FIGURE_OF[name]).count));
}

function amountsOf(current: readonly DailyFigure[], before: readonly DailyFigure[] | null): AmountsOfUnit[] {
  const units = [...new Set(current.concat(before ?? []).map(({ unit }) => unit).filter((unit) => unit !== ''))].toSorted();
  return units.map((unit) => {
    const amount = (figure: Figure): Compared => compared(current, before, (rows) => sumOf(rows.filter((row) => row.unit === unit), figure).amountMinor);
    return { unit, conversions: amount('conversions'), ...perReward((kind) => amount(REWARD_FIGURE_OF[kind])) };
  });
}

function topOf(referrers: readonly DailyReferrer[]): TopReferrer[] {
  const byMember = new Map<string, { signUps: number; firstValues: number }>();
  for (const { externalId, signUps, firstValues } of referrers) {
    const sum = byMember.get(externalId) ?? { signUps: 0, firstValues: 0 };
    byMember.set(externalId, { signUps: sum.signUps + signUps, firstValues: sum.firstValues + firstValues });
  }
  return [...byMember].map(([externalId, sums]) => ({ externalId, ...sums }))
    .toSorted((a, b) => b.firstValues - a.firstValues || b.signUps - a.signUps || byName(a.externalId, b.externalId))
    .slice(0, TOP_REFERRERS);
}

function within(figures: readonly DailyFigure[], days: readonly string[]): DailyFigure[] {
  const wanted = new Set(days);
  return figures.filter(({ day }) => wanted.has(day));
}

function isCountedFigure({ figure }: DailyFigure): boolean {
  return COUNTED.some((name) => FIGURE_OF[name] === figure);
}

/** It only grows from Monday on: the last day that was counted has the week's. */
function activeIn(rows: readonly DailyFigure[]): number {
  return Math.max(0, ...rows.filter(({ figure }) => figure === 'active_in_week').map(({ count }) => count));
}

function compared(current: readonly DailyFigure[], before: readonly DailyFigure[] | null, read: (rows: readonly DailyFigure[]) => number): Compared {
  return { now: read(current), before: before === null ? null : read(before) };
}

function sumOf(rows: readonly DailyFigure[], figure: Figure): { count: number; amountMinor: number } {
  let [count, amountMinor] = [0, 0];
  for (const row of rows) {
    if (row.figure !== figure) continue;
    count += row.count;
    amountMinor += row.amountMinor;
  }
  return { count, amountMinor };
}

function perCounted<T>(of: (name: Counted) => T): Record<Counted, T> {
  return { invites: of('invites'), clicks: of('clicks'), signUps: of('signUps'), firstValues: of('firstValues'), conversions: of('conversions') };
}

function perReward<T>(of: (kind: RewardCount) => T): Record<RewardCount, T> {
  return { held: of('held'), released: of('released'), paid: of('paid') };
}

/** By code units: the same on every machine. What has no name comes last. */
function byName(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
