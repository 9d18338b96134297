import { sayAmounts } from '../message/say-amounts.ts';
import type { Unit } from '../money/unit.ts';
import { addDays, mondayOf, WEEK_DAYS, type IsoWeek } from './iso-week.ts';
import type { Compared, ComparedK, Counted, RewardCount, WeeklyReport } from './report.ts';
import { fillPlural, fillWords } from './words/fill-words.ts';
import { reportWords, type ReportLanguage } from './words/report-language.ts';
import type { Plural, ReportWords } from './words/report-words.ts';

/** A report in words, the same in mail, PDF and on the command line. */
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

const NONE = '–';

/** Says figures, changes and Ks as a language writes them. */
export type Saying = { count(value: number): string; change(now: number, before: number | null): string; k(value: number | null): string };

const sayings = new Map<ReportLanguage, Saying>();

export function sayingOf(language: ReportLanguage): Saying {
  const saying = sayings.get(language) ?? makeSaying(reportWords(language));
  sayings.set(language, saying);
  return saying;
}

function makeSaying({ locale, fresh }: ReportWords): Saying {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  // Three digits that count: 0.00123, 0.123, 1.23.
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  return {
    count: (value) => whole.format(value),
    // By how much, of the week before; without a week before, or from nothing, there is no such share.
    change: (now, before) => (before === null ? NONE : before === 0 ? (now === 0 ? percent.format(0) : fresh) : percent.format(now / before - 1)),
    k: (value) => (value === null ? NONE : digits.format(value)),
  };
}

/** `unitTitles`: what the tenant calls its own units. Days and instants are those of the report's zone. */
export function sayReport(report: WeeklyReport, unitTitles: ReadonlyMap<string, string>, language: ReportLanguage): SaidReport {
  const words = reportWords(language);
  const say = sayingOf(language);
  const row = (name: string, { now, before }: Compared, saidAs: (value: number) => string): SaidRow => ({ name, now: saidAs(now), before: before === null ? NONE : saidAs(before), change: say.change(now, before) });
  const kRow = (name: string, { k, before }: ComparedK): SaidRow => ({ name, now: say.k(k), before: say.k(before), change: k === null ? NONE : say.change(k, before) });
  const countRows = (counts: Readonly<Record<Counted, Compared>>): SaidRow[] => counted.map((name) => row(words.counted[name], counts[name], say.count));
  const amountRow = (name: string, unit: Unit, amounts: Compared): SaidRow[] => (moved(amounts)
    ? [row(fillWords(words.amountOf, { name, unit: unitTitles.get(unit) ?? unit }), amounts, (amountMinor) => sayAmounts([{ unit, amountMinor }], unitTitles, words.locale))] : []);
  return {
    ...sayWeek(report.week, words),
    headline: [headlineOf(words.kFirstValue, report.kFirstValue, words.k.activated, words, say), headlineOf(words.kSignUp, report.kSignUp, words.k.signedUp, words, say)],
    totals: [...countRows(report.totals), row(words.activeMembers, report.activeMembers, say.count), ...rewardKinds.map((kind) => row(words.rewards[kind], report.rewards[kind], say.count))],
    amounts: report.amounts.flatMap(({ unit, conversions, ...rewards }) => [
      ...amountRow(words.counted.conversions, unit, conversions), ...rewardKinds.flatMap((kind) => amountRow(words.rewards[kind], unit, rewards[kind])),
    ]),
    loops: report.loops.map(({ loop, kSignUp, kFirstValue, ...counts }) => ({ title: loopTitle(loop, language), rows: [...countRows(counts), kRow(words.kSignUp, kSignUp), kRow(words.kFirstValue, kFirstValue)] })),
    referrers: report.topReferrers.map(({ externalId, signUps, firstValues }) => ({
      externalId,
      result: [[words.referrer.signUps, signUps] as const, [words.referrer.firstValues, firstValues] as const].map(([forms, count]) => fillPlural(forms, count, say.count(count), words.locale)).join(', '),
    })),
    notes: [
      fillWords(words.notes.days, { zone: report.zone }),
      words.notes.k,
      ...(report.isOver ? [] : [words.notes.running]),
      fillWords(words.notes.countedAt, { at: sayInstant(report.madeAt, report.zone, words) }),
    ],
  };
}

const counted: readonly Counted[] = ['invites', 'clicks', 'signUps', 'firstValues', 'conversions'];
const rewardKinds: readonly RewardCount[] = ['held', 'released', 'paid'];

function headlineOf(name: string, { k, low, high, brought, activeMembers, before }: ComparedK, did: Plural, words: ReportWords, say: Saying): SaidReport['headline'][number] {
  if (k === null || low === null || high === null) return { name, value: NONE, detail: words.k.nobody };
  const plural = (forms: Plural, count: number): string => fillPlural(forms, count, say.count(count), words.locale);
  const detail = [
    fillWords(words.k.range, { low: say.k(low), high: say.k(high) }), plural(did, brought), plural(words.k.perMember, activeMembers),
    ...(before === null ? [] : [fillWords(words.k.before, { k: say.k(before) })]),
  ].join(' ');
  return { name, value: say.k(k), detail };
}

function moved({ now, before }: Compared): boolean {
  return now > 0 || (before ?? 0) > 0;
}

/** What a loop is called; one without a name in these words goes by its key: `my_loop` -> `My loop`. Null: what no program made. */
export function loopTitle(loop: string | null, language: ReportLanguage): string {
  const words = reportWords(language);
  if (loop === null) return words.noProgram;
  const key = loop.replaceAll('_', '-');
  const known = Object.hasOwn(words.loops, key) ? words.loops[key] : undefined;
  if (known !== undefined) return known;
  const text = loop.replaceAll(/[_-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sayWeek(week: IsoWeek, words: ReportWords): Pick<SaidReport, 'title' | 'period'> {
  // Days of a calendar have no zone: they are read and written in the same one.
  const days = new Intl.DateTimeFormat(words.locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const day = (text: string): string => days.format(new Date(`${text}T00:00:00Z`));
  const monday = mondayOf(week);
  return {
    title: fillWords(words.title, { week: String(Number(week.slice(6))), year: week.slice(0, 4) }),
    period: fillWords(words.period, { from: day(monday), to: day(addDays(monday, WEEK_DAYS - 1)) }),
  };
}

function sayInstant(at: number, zone: string, { locale }: ReportWords): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(new Date(at));
}
