import { z } from 'zod';
import type { KeptReport } from '../../db/read/reports.ts';
import { isIsoWeek, type IsoWeek } from '../domain/report/iso-week.ts';
import type { Compared, ComparedK, Counted, RewardCount } from '../domain/report/report.ts';
import { NAMES_NOTHING } from './field-errors.ts';
import { instantOut, iso, isoOrNull } from './fields.ts';

const WEEK_FORM = 'Give a week by ISO 8601, as in 2026-W23';

/** A week in a body. */
export const weekIn = z.string().max(20).transform((text, context): IsoWeek => {
  if (isIsoWeek(text)) return text;
  context.addIssue({ code: 'custom', message: WEEK_FORM });
  return z.NEVER;
}).meta({ description: 'A week by ISO 8601: Monday to Sunday of your tenant\'s zone', pattern: '^20\\d\\d-W[0-5]\\d$' });

/** A week in a path: what is none names nothing. */
export const weekInPath = z.string().transform((text, context): IsoWeek => {
  if (isIsoWeek(text)) return text;
  context.addIssue({ code: 'custom', message: WEEK_FORM, params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ description: 'A week by ISO 8601, as in 2026-W23' });

export const comparedOut = z.object({ now: z.number(), before: z.number().nullable() }).meta({ id: 'ReportFigure', description: '`now`: of the week; `before`: of the week before, null where that was not counted' });
const kOut = z.object({
  k: z.number().nullable().meta({ description: '`brought` divided by `activeMembers`; null where nobody was active' }),
  low: z.number().nullable().meta({ description: 'Lower end of its 95 % interval (Byar\'s approximation for a Poisson count)' }),
  high: z.number().nullable(),
  brought: z.int().meta({ description: 'The numerator: people brought, each counted once, for who has the credit; nobody brings themselves' }),
  activeMembers: z.int().meta({ description: 'The denominator: members with a fact or an invite of theirs in the week' }),
  before: z.number().nullable().meta({ description: 'K of the week before' }),
}).meta({ id: 'ReportK' });

const countsOut = z.object({ invites: comparedOut, clicks: comparedOut, signUps: comparedOut, firstValues: comparedOut, conversions: comparedOut });
const rewardsOut = z.object({ held: comparedOut, released: comparedOut, paid: comparedOut });

export const reportOut = z.object({
  week: z.string(),
  zone: z.string().meta({ description: 'Whose days these are' }),
  startsAt: instantOut, endsAt: instantOut,
  isOver: z.boolean().meta({ description: 'False: figures so far, against the whole week before' }),
  madeAt: instantOut,
  mailedAt: instantOut.nullable().meta({ description: 'When it was put out to its recipients; from then on it stays as it is' }),
  totals: countsOut,
  rewards: rewardsOut.meta({ description: 'How many were held, released and paid; a payout counts once' }),
  activeMembers: comparedOut,
  kSignUp: kOut, kFirstValue: kOut,
  loops: z.array(z.object({ loop: z.string().nullable().meta({ description: 'Null: by links of no program' }), ...countsOut.shape, kSignUp: kOut, kFirstValue: kOut })),
  amounts: z.array(z.object({ unit: z.string(), conversions: comparedOut, ...rewardsOut.shape })).meta({ description: 'In minor units: what people brought paid, and what the ledger booked' }),
  days: z.array(z.object({ day: z.iso.date(), invites: z.int(), clicks: z.int(), signUps: z.int(), firstValues: z.int(), conversions: z.int() })),
  topReferrers: z.array(z.object({ externalId: z.string(), signUps: z.int(), firstValues: z.int() })).meta({ description: 'At most ten, by first values' }),
}).meta({ id: 'WeeklyReport' });

/** The report as it goes out, field by field: what is kept may come to hold more. */
export function reportBody({ report, mailedAt }: KeptReport): z.input<typeof reportOut> {
  const { startsAt, endsAt, madeAt, loops, amounts, days, topReferrers, ...rest } = report;
  return {
    week: rest.week, zone: rest.zone, startsAt: iso(startsAt), endsAt: iso(endsAt), isOver: rest.isOver, madeAt: iso(madeAt), mailedAt: isoOrNull(mailedAt),
    totals: counts(rest.totals), rewards: rewards(rest.rewards), activeMembers: compared(rest.activeMembers),
    kSignUp: k(rest.kSignUp), kFirstValue: k(rest.kFirstValue),
    loops: loops.map((one) => ({ loop: one.loop, ...counts(one), kSignUp: k(one.kSignUp), kFirstValue: k(one.kFirstValue) })),
    amounts: amounts.map((one) => ({ unit: one.unit, conversions: compared(one.conversions), ...rewards(one) })),
    days: days.map(({ day, invites, clicks, signUps, firstValues, conversions }) => ({ day, invites, clicks, signUps, firstValues, conversions })),
    topReferrers: topReferrers.map(({ externalId, signUps, firstValues }) => ({ externalId, signUps, firstValues })),
  };
}

function compared({ now, before }: Compared): Compared {
  return { now, before };
}

function counts(of: Readonly<Record<Counted, Compared>>): Record<Counted, Compared> {
  return { invites: compared(of.invites), clicks: compared(of.clicks), signUps: compared(of.signUps), firstValues: compared(of.firstValues), conversions: compared(of.conversions) };
}

function rewards(of: Readonly<Record<RewardCount, Compared>>): Record<RewardCount, Compared> {
  return { held: compared(of.held), released: compared(of.released), paid: compared(of.paid) };
}

function k({ k: value, low, high, brought, activeMembers, before }: ComparedK): z.input<typeof kOut> {
  return { k: value, low, high, brought, activeMembers, before };
}
