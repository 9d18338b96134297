import { z } from 'zod';
import { referralPageOwner } from '../../db/read/referral-page.ts';
import { PAGE_LANGUAGES, pageLanguage } from '../domain/preference/page-language.ts';
import { REWARD_REASONS } from '../domain/reward/reward-reasons.ts';
import { REWARD_STATES } from '../domain/reward/reward-state.ts';
import { byMember, memberNamed } from './embed-tokens.ts';
import { instantOut, iso } from './fields.ts';
import { problem } from './problems.ts';
import { loadReferralView } from './referral-page-view.ts';
import type { ReferralView } from './referral-page-view.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const count = z.int().min(0);
const unit = { unit: z.string().meta({ description: 'ISO 4217, or a unit of your own' }), unitTitle: z.string().nullable(), amountMinor: z.int().meta({ description: 'Minor units of a currency, whole ones of your own unit' }) };
const state = z.literal(namesIn(REWARD_STATES));
const reason = z.literal(namesIn(REWARD_REASONS));

const summaryOut = z.object({
  link: z.object({
    url: z.string(),
    code: z.string().meta({ description: 'As people read it; hyphens and capitals do not matter when it is typed' }),
    share: z.object({
      text: z.string(),
      subject: z.string(),
      links: z.object({ email: z.string(), sms: z.string(), whatsapp: z.string(), facebook: z.string(), x: z.string(), linkedin: z.string() }),
    }),
  }).nullable(),
  counts: z.object({ visits: count, signedUp: count, activated: count, converted: count }).meta({ description: 'Each friend once, however many programs they came through' }),
  rewards: z.array(z.object({
    programTitle: z.string(),
    forWhat: z.enum(['referral', 'joining', 'milestone']),
    ...unit,
    takenBackMinor: z.int(),
    state,
    waitsFor: z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['hold', 'use']), until: instantOut }),
      z.object({ kind: z.enum(['review', 'release', 'payout', 'nothing']) }),
    ]).meta({ description: '`hold`: it is the member\'s from then on. `use`: until then it can be used. `review`: a dispute or a review is open' }),
    reason: reason.nullable().meta({ description: 'Why it was taken back' }),
    earnedAt: instantOut,
  })).meta({ description: 'The 20 latest' }),
  totals: z.array(z.object({ state, ...unit, count })).meta({ description: 'What is on hold, available, used, paid out' }),
  refusals: z.array(z.object({ programTitle: z.string(), reason, earnedAt: instantOut })).meta({ description: 'What was not given, the 10 latest' }),
  milestones: z.array(z.object({ programTitle: z.string(), counts: z.enum(['signed_up', 'activated', 'converted']), have: count, reached: count, ...unit })).meta({ description: 'The next step of each' }),
}).meta({ id: 'ReferralSummary' });

const get = route({
  method: 'get',
  path: '/v1/members/{id}/referral-summary',
  tag: 'Members',
  summary: 'Read what a member\'s referral page shows',
  description: 'Link, code and texts to share, counts, rewards and what each waits for, milestones ahead. Counts, dates and amounts only: nothing tells who the friends are.',
  params: byMember,
  query: z.strictObject({ lang: z.enum(PAGE_LANGUAGES).optional().meta({ description: 'Of the texts to share; left out: the member\'s' }) }),
  body: none,
  keyed: false,
  answers: { 200: summaryOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params, query }) {
    const owner = await referralPageOwner(tx, tenantId, memberNamed(params.id));
    if (owner === null) return problem('not_found');
    const view = await loadReferralView(tx, { tenantId, owner, lang: query.lang ?? pageLanguage(owner.locale, undefined), now });
    return { status: 200, body: summaryBody(view) };
  },
});

function summaryBody({ link, counts, rewards, totals, refusals, milestones }: ReferralView): z.input<typeof summaryOut> {
  return {
    link: link === null ? null : { url: link.url, code: link.code, share: { text: link.share.text, subject: link.share.subject, links: link.share.links } },
    counts,
    rewards: rewards.map(({ programTitle, forWhat, unit: rewardUnit, unitTitle, grantedMinor, takenBackMinor, state: now, waitsFor, reason: why, earnedAt }) => ({
      programTitle, forWhat, unit: rewardUnit, unitTitle, amountMinor: grantedMinor, takenBackMinor, state: now,
      waitsFor: 'until' in waitsFor ? { ...waitsFor, until: iso(waitsFor.until) } : waitsFor, reason: why, earnedAt: iso(earnedAt),
    })),
    totals,
    refusals: refusals.map(({ programTitle, reason: why, earnedAt }) => ({ programTitle, reason: why, earnedAt: iso(earnedAt) })),
    milestones: milestones.map(({ programTitle, counts: counted, have, reached, unit: tierUnit, unitTitle, amountMinor }) => ({ programTitle, counts: counted, have, reached, unit: tierUnit, unitTitle, amountMinor })),
  };
}

function namesIn<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table).filter((name): name is Extract<keyof T, string> => Object.hasOwn(table, name));
}

export const referralSummaryRoutes: readonly Route[] = [get];
