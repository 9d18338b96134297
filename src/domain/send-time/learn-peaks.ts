import { HOURS, leadOf, meanOf, rateOf, tallyOf, weekOf, without } from './answer-rates.ts';
import type { AnswerSlot, Rate, Tally } from './answer-rates.ts';

/** A learnt window always names its days. */
export type PeakWindow = { readonly days: readonly number[]; readonly start: string; readonly end: string };

/** Why a window was chosen. Rates are shrunken (see `answer-rates.ts`); `low` and `high` hold 95 % of what is not known. */
export type PeakEvidence = PeakWindow & { readonly sent: number; readonly answered: number; readonly rate: number; readonly low: number; readonly high: number; readonly restRate: number };

/** `windows` are those to use from now on. */
export type LearntPeaks = { readonly windows: readonly PeakWindow[]; readonly evidence: readonly PeakEvidence[]; readonly sent: number; readonly answered: number } & (
  | { readonly outcome: 'learnt' | 'kept' | 'none' }
  | { readonly outcome: 'not_enough_data'; readonly needs: string }
);

/** Below this nothing is learnt. An hour counts as seen with five messages. */
export const LEAST_SENT = 200;
export const LEAST_HOURS = 10;
const SEEN = 5;
/**
 * In standard errors. 660 spans are tried: independent ones would ask for 3.8 (Bonferroni, 5 % in all). They overlap and the
 * prior damps them: with 3.3, of 100 tenants whose recipients know no peak at most three are told of one (a test holds it).
 */
const CLEAR_LEAD = 3.3;
/** A lead that is not worth waiting for is none. */
const LEAST_LIFT = 1.2;
/** Before 08:00 and after 21:00 few messages are sent, and laws forbid most: only strong data may name such a time. */
const DAYTIME = { start: 8, end: 21 };
const STRONG = { lead: 5, sent: 300 };
/** To take the place of windows in force, others must be better than those by this many standard errors. */
const REPLACING_LEAD = 2;
/** Windows in force are let go once it is 95 % sure that they are not a tenth better than the rest. */
const KEPT_LIFT = 1.1;
const LEAST_SPAN = 2;
const LONGEST_SPAN = 4;
const LEAST_INSIDE = 30;
const MOST_WINDOWS = 3;
const DAY_SETS: readonly (readonly number[])[] = [[1], [2], [3], [4], [5], [6], [7], [1, 2, 3, 4, 5], [6, 7], [1, 2, 3, 4, 5, 6, 7]];

type Span = { readonly days: readonly number[]; readonly from: number; readonly to: number; readonly hours: readonly number[] };

function hoursOf(days: readonly number[], from: number, to: number): readonly number[] {
  return days.flatMap((day) => Array.from({ length: to - from }, (_, hour) => (day - 1) * HOURS + from + hour));
}

const SPANS: readonly Span[] = DAY_SETS.flatMap((days) =>
  Array.from({ length: LONGEST_SPAN - LEAST_SPAN + 1 }, (_, more) => LEAST_SPAN + more).flatMap((length) =>
    Array.from({ length: HOURS - length + 1 }, (_, from) => ({ days, from, to: from + length, hours: hoursOf(days, from, from + length) }))));

/**
 * Learns when messages do best, from counts by the hour of the recipient's week. Tries every span of two to four hours
 * (neighbouring hours are pooled, so that one lucky hour is none) on each weekday, on Monday to Friday, on the weekend and on
 * all days (Kulldorff's scan statistic, 1997, with a normal lead), and takes up to three that clearly beat all the rest.
 * `before` are the windows in force: they stay unless others are clearly better, or they no longer are.
 *
 * `not_enough_data` and `kept` answer the windows before; `none`: nothing beats the rest. Deterministic; the order of the
 * slots does not matter.
 */
export function learnPeaks({ slots, before = [] }: { readonly slots: readonly AnswerSlot[]; readonly before?: readonly PeakWindow[] }): LearntPeaks {
  const week = weekOf(slots);
  const { sent, answered } = tallyOf(week);
  const seen = week.filter((slot) => slot.sent >= SEEN).length;
  const answer = (outcome: 'learnt' | 'kept' | 'none', windows: readonly PeakWindow[]): LearntPeaks =>
    ({ outcome, windows, evidence: evidenceOf(week, windows), sent, answered });
  if (sent < LEAST_SENT || seen < LEAST_HOURS) {
    const needs = `${String(LEAST_SENT)} messages over ${String(LEAST_HOURS)} hours of the week with ${String(SEEN)} each; there are ${String(sent)} over ${String(seen)}`;
    return { ...answer('kept', before), outcome: 'not_enough_data', needs };
  }
  const found = findSpans(week).map(windowOf);
  if (sameWindows(found, before)) return answer(found.length === 0 ? 'none' : 'learnt', before);
  if (before.length > 0 && !mayReplace(week, found, before)) return answer('kept', before);
  return answer(found.length === 0 ? 'none' : 'learnt', found);
}

/** The best span, then the best of what is left, as long as one clearly leads; in the order of the week. */
function findSpans(week: readonly Tally[]): readonly Span[] {
  const all = tallyOf(week);
  const mean = meanOf(all);
  const taken = new Set<number>();
  const found: Span[] = [];
  while (found.length < MOST_WINDOWS) {
    const left = without(all, tallyOf(week, taken));
    let best: { span: Span; lead: number } | undefined;
    for (const span of SPANS) {
      if (span.hours.some((index) => taken.has(index))) continue;
      const lead = clearLead(span, tallyOf(week, span.hours), left, mean);
      if (lead !== null && lead > (best?.lead ?? 0)) best = { span, lead };
    }
    if (best === undefined) break;
    found.push(best.span);
    for (const index of best.span.hours) taken.add(index);
  }
  return found.toSorted((one, other) => (one.days[0] ?? 0) - (other.days[0] ?? 0) || one.from - other.from || one.days.length - other.days.length);
}

/** How far a span leads the hours left but its own; null where that is not clear enough. */
function clearLead({ from, to }: Span, inside: Tally, left: Tally, mean: number): number | null {
  if (inside.sent < LEAST_INSIDE) return null;
  const [own, rest] = [rateOf(inside, mean), rateOf(without(left, inside), mean)];
  const lead = leadOf(own, rest);
  const isDaytime = from >= DAYTIME.start && to <= DAYTIME.end;
  const isClear = isDaytime ? lead >= CLEAR_LEAD : lead >= STRONG.lead && inside.sent >= STRONG.sent;
  return isClear && own.rate >= rest.rate * LEAST_LIFT ? lead : null;
}

/** May what was found take the place of the windows in force? Hours that only come must clearly beat the rest; those that take the place of others must beat these. */
function mayReplace(week: readonly Tally[], found: readonly PeakWindow[], before: readonly PeakWindow[]): boolean {
  const all = tallyOf(week);
  const mean = meanOf(all);
  const [fresh, old] = [hoursIn(found), hoursIn(before)];
  const rate = (hours: Iterable<number>): Rate => rateOf(tallyOf(week, hours), mean);
  const rest = rateOf(without(all, tallyOf(week, new Set([...fresh, ...old]))), mean);
  if (fresh.size === 0) {
    const own = rate(old);
    return own.rate + 1.645 * Math.sqrt(own.variance + rest.variance) < rest.rate * KEPT_LIFT;
  }
  const lost = [...old].filter((index) => !fresh.has(index));
  const gained = [...fresh].filter((index) => !old.has(index));
  if (lost.length === 0) return leadOf(rate(gained), rest) >= CLEAR_LEAD;
  return leadOf(rate(gained.length === 0 ? fresh : gained), rate(lost)) >= REPLACING_LEAD;
}

function evidenceOf(week: readonly Tally[], windows: readonly PeakWindow[]): readonly PeakEvidence[] {
  const all = tallyOf(week);
  const mean = meanOf(all);
  const restRate = rateOf(without(all, tallyOf(week, hoursIn(windows))), mean).rate;
  return windows.map((window) => {
    const tally = tallyOf(week, hoursIn([window]));
    const { rate, variance } = rateOf(tally, mean);
    const half = 1.96 * Math.sqrt(variance);
    return { ...window, sent: tally.sent, answered: tally.answered, rate, low: Math.max(0, rate - half), high: Math.min(1, rate + half), restRate };
  });
}

function windowOf({ days, from, to }: Span): PeakWindow {
  const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
  return { days, start: clock(from), end: clock(to) };
}

/** The hours of the week that windows of whole hours cover. */
function hoursIn(windows: readonly PeakWindow[]): ReadonlySet<number> {
  return new Set(windows.flatMap(({ days, start, end }) => hoursOf(days, Number(start.slice(0, 2)), Number(end.slice(0, 2)))));
}

function sameWindows(some: readonly PeakWindow[], others: readonly PeakWindow[]): boolean {
  const text = (windows: readonly PeakWindow[]): string => windows.map(({ days, start, end }) => `${days.join(',')} ${start}-${end}`).toSorted().join(';');
  return text(some) === text(others);
}
