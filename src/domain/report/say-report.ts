import { sayAmounts } from '../message/say-amounts.ts';
import type { Unit } from '../money/unit.ts';
import { addDays, mondayOf, WEEK_DAYS, type IsoWeek } from './iso-week.ts';
import type { Compared, ComparedK, Counted, RewardCount, WeeklyReport } from './report.ts';

/** A report in words, the same in mail, PDF and on the command line. English: it is for the team that runs the programs. */
export type SaidRow = { readonly name: string; readonly now: string; readonly before: string; readonly change: string };
export type SaidLoop = { readonly title: string; readonly rows: readonly SaidRow[] };
export type SaidReport = {
  readonly title: string;
  readonly period: string;
  /** How K is to be read, with its denominator. */
  readonly headline: readonly { readonly name: string; readonly value: string; readonly detail: string }[];
  readonly totals: readonly SaidRow[];
  readonly amounts: readonly SaidRow[];
  readonly loops: readonly SaidLoop[];
  readonly referrers: readonly { readonly externalId: string; readonly result: string }[];
  readonly notes: readonly string[];
};

export const COUNTED_NAMES: Readonly<Record<Counted, string>> = { invites: 'Invites', clicks: 'Clicks', signUps: 'Sign-ups', firstValues: 'First values', conversions: 'Conversions' };
const REWARD_NAMES: Readonly<Record<RewardCount, string>> = { held: 'Rewards held', released: 'Rewards released', paid: 'Rewards paid' };
const NONE = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** `unitTitles`: what the tenant calls its own units. */
export function sayReport(report: Omit<WeeklyReport, 'startsAt' | 'endsAt' | 'madeAt'>, unitTitles: ReadonlyMap<string, string>): SaidReport {
  const amount = (unit: Unit) => (amountMinor: number): string => sayAmounts([{ unit, amountMinor }], unitTitles, 'en');
  return {
    title: `Week ${report.week.slice(6)} of ${report.week.slice(0, 4)}`,
    period: sayPeriod(report.week),
    headline: [headlineOf('K at first value', report.kFirstValue, 'reached their first value'), headlineOf('K at sign-up', report.kSignUp, 'signed up')],
    totals: [...countRows(report.totals), row('Active members', report.activeMembers, sayCount), ...rewardKinds.map((kind) => row(REWARD_NAMES[kind], report.rewards[kind], sayCount))],
    amounts: report.amounts.flatMap(({ unit, conversions, ...rewards }) => [
      ...moved(conversions) ? [row(`Conversions, ${unit}`, conversions, amount(unit))] : [],
      ...rewardKinds.filter((kind) => moved(rewards[kind])).map((kind) => row(`${REWARD_NAMES[kind]}, ${unit}`, rewards[kind], amount(unit))),
    ]),
    loops: report.loops.map(({ loop, kSignUp, kFirstValue, ...counts }) => ({ title: loopTitle(loop), rows: [...countRows(counts), kRow('K at sign-up', kSignUp), kRow('K at first value', kFirstValue)] })),
    referrers: report.topReferrers.map(({ externalId, signUps, firstValues }) => ({ externalId, result: `${plural(signUps, 'sign-up')}, ${plural(firstValues, 'first value')}` })),
    notes: [
      `Days are those of ${report.zone}. Figures count by the time of what happened; facts that come late change them until the report is mailed.`,
      'K is the number of new people brought in the week for each active member: a member with a fact or an invite of theirs in it. The range is its 95 % interval (Byar), which takes people as independent of each other.',
      ...(report.isOver ? [] : ['The week is not over: these are its figures so far, against the whole week before.']),
    ],
  };
}

const counted: readonly Counted[] = ['invites', 'clicks', 'signUps', 'firstValues', 'conversions'];
const rewardKinds: readonly RewardCount[] = ['held', 'released', 'paid'];

function countRows(counts: Readonly<Record<Counted, Compared>>): SaidRow[] {
  return counted.map((name) => row(COUNTED_NAMES[name], counts[name], sayCount));
}

function row(name: string, { now, before }: Compared, say: (value: number) => string): SaidRow {
  return { name, now: say(now), before: before === null ? NONE : say(before), change: sayChange(now, before) };
}

function kRow(name: string, { k, before }: ComparedK): SaidRow {
  return { name, now: sayK(k), before: sayK(before), change: k === null ? NONE : sayChange(k, before) };
}

/** By how much, of the week before; without a week before, or from nothing, there is no such share. */
export function sayChange(now: number, before: number | null): string {
  if (before === null) return NONE;
  if (before === 0) return now === 0 ? '0%' : 'new';
  return percent.format(now / before - 1);
}

function headlineOf(name: string, { k, low, high, brought, activeMembers, before }: ComparedK, did: string): SaidReport['headline'][number] {
  if (k === null || low === null || high === null) return { name, value: NONE, detail: 'No member was active.' };
  const was = before === null ? '' : ` The week before: ${sayK(before)}.`;
  return { name, value: sayK(k), detail: `${sayK(low)} to ${sayK(high)}. ${brought === 1 ? '1 person' : `${whole.format(brought)} people`} brought ${did}, for ${plural(activeMembers, 'active member')}.${was}` };
}

/** Three digits that count: 0.00123, 0.123, 1.23. */
export function sayK(k: number | null): string {
  if (k === null) return NONE;
  if (k === 0) return '0';
  return k.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function sayCount(value: number): string {
  return whole.format(value);
}

function moved({ now, before }: Compared): boolean {
  return now > 0 || (before ?? 0) > 0;
}

/** `buddy_challenge` -> `Buddy challenge`. */
export function loopTitle(loop: string | null): string {
  if (loop === null) return 'Links of no program';
  const words = loop.replaceAll(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function plural(count: number, one: string): string {
  return `${whole.format(count)} ${one}${count === 1 ? '' : 's'}`;
}

function sayPeriod(week: IsoWeek): string {
  const day = (text: string): string => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${text}T00:00:00Z`));
  const monday = mondayOf(week);
  return `${day(monday)} to ${day(addDays(monday, WEEK_DAYS - 1))}`;
}
