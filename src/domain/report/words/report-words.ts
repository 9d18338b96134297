import type { Counted, RewardCount } from '../report.ts';

/** By the number that is said: `{n}` stands for it, as the language writes it. */
export type Plural = { readonly one: string; readonly other: string };
type PageSaid = { readonly ask: string; readonly button: string; readonly done: string; /** `{tenant}` */ readonly note: string };

/** Everything that a report, its mails, its PDF and its pages say, in one language. `{…}` stands for what the data say. */
export type ReportWords = {
  /** By which figures, amounts and dates are written. */
  readonly locale: string;
  /** `{week}`, `{year}` */
  readonly title: string;
  /** `{from}`, `{to}`: days. */
  readonly period: string;
  readonly counted: Readonly<Record<Counted, string>>;
  readonly rewards: Readonly<Record<RewardCount, string>>;
  readonly activeMembers: string;
  readonly kSignUp: string;
  readonly kFirstValue: string;
  readonly k: {
    /** `{low}`, `{high}` */
    readonly range: string;
    readonly signedUp: Plural;
    readonly activated: Plural;
    readonly perMember: Plural;
    /** `{k}` */
    readonly before: string;
    readonly nobody: string;
  };
  /** Where there was nothing the week before. */
  readonly fresh: string;
  /** `{name}`, `{unit}` */
  readonly amountOf: string;
  /** Loops by their keys; one that is not here goes by its key. */
  readonly loops: Readonly<Record<string, string>>;
  readonly noProgram: string;
  readonly referrer: { readonly signUps: Plural; readonly firstValues: Plural };
  readonly notes: {
    /** `{zone}` */
    readonly days: string;
    readonly k: string;
    readonly running: string;
    /** `{at}`: a day and time of the zone. */
    readonly countedAt: string;
  };
  readonly columns: { readonly now: string; readonly before: string; readonly beforeShort: string; readonly change: string };
  readonly headings: { readonly all: string; readonly amounts: string; readonly referrers: string; readonly read: string; readonly pairs: string; readonly people: string; readonly traffic: string; readonly perLoop: string; readonly allFigures: string; /** `{title}` */ readonly figuresOf: string };
  readonly mail: {
    /** `{tenant}`, `{title}`, `{name}`, `{value}` */
    readonly subject: string;
    /** `{name}`, `{now}`, `{before}`, `{change}` */
    readonly row: string;
    readonly pdf: string;
    readonly because: string;
    readonly stop: string;
  };
  readonly question: { readonly heading: string; /** `{tenant}` */ readonly subject: string; /** `{tenant}` */ readonly ask: string; readonly ignore: string; readonly yes: string };
  readonly pages: { readonly confirm: PageSaid; readonly unsubscribe: PageSaid };
};
