import { z } from 'zod';
import type { RewardRule, RewardTerms } from '../domain/reward/reward-terms.ts';
import { DEFAULT_HOLD_DAYS } from '../domain/reward/reward-terms.ts';
import { instantIn, instantOut, iso } from './fields.ts';

// Only shapes here: what must hold of amounts, units and times is one function of the rules (`rewardTermsProblems`).
const key = z.string().max(60).meta({ description: 'Names the rule in the keys of its rewards: keep it for as long as the program lives. Small letters, digits, `_`' });
const unit = z.string().max(40).meta({ description: 'An ISO 4217 code (amounts in minor units), or a unit of yours (`PUT /v1/units`)' });
const amountMinor = z.number().meta({ description: 'Cents, yen, points: whole numbers of the unit\'s smallest part' });
const money = z.strictObject({ currency: z.string().max(40), amountMinor });
const quantity = z.strictObject({ unit, amountMinor });
const holdDays = z.number().meta({ description: 'Held for so many days after what earned it: the refund window' });
const expiresAfterDays = z.number().meta({ description: 'Can be used for so many days after the end of its hold; left out: for ever' });

const trigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sign_up') }),
  z.strictObject({ kind: z.literal('first_value') }),
  z.strictObject({ kind: z.literal('plan_upgrade'), plan: z.string().min(1).max(200).optional() }).meta({ description: 'The first upgrade, or the first to this plan' }),
  z.strictObject({ kind: z.literal('conversion') }).meta({ description: 'Every payment' }),
  z.strictObject({ kind: z.literal('nth_conversion'), n: z.number() }).meta({ description: 'One payment by its place in time: 1 is the first' }),
  z.strictObject({ kind: z.literal('recurring'), months: z.number() }).meta({ description: 'Payments from the first on, for so many calendar months (UTC); of a fixed reward the first in each month' }),
  z.strictObject({ kind: z.literal('loop'), fact: z.string().max(60) }).meta({ description: 'A run of the program\'s loop grants by this name, such as `rescued`: the referrer is the member it was started for, referees are all others in it' }),
]);

const give = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), unit, amountMinor }),
  z.strictObject({
    kind: z.literal('percent'),
    basisPoints: z.number().meta({ description: 'Hundredths of a percent of the payment: 1500 are 15 %. Rounded down' }),
    most: money.optional().meta({ description: 'At most so much; payments in another currency then earn nothing' }),
  }),
]);

const conditions = z.strictObject({
  countries: z.array(z.string().max(20)).max(500).optional().meta({ description: 'ISO 3166 codes: of the payment, else of the sign-up' }),
  products: z.array(z.string().min(1).max(200)).max(500).optional(),
  amount: z.strictObject({ currency: z.string().max(40), minMinor: z.number(), maxMinor: z.number().optional() }).optional().meta({ description: 'What is left of a payment after refunds; below `minMinor` a reward is taken back' }),
});

const rule = {
  key,
  to: z.enum(['referrer', 'referee', 'both']),
  on: trigger,
  give,
  when: conditions.optional(),
  holdDays: holdDays.optional(),
  withinDays: z.number().optional().meta({ description: 'Counts only what happens within so many days of the sign-up' }),
  expiresAfterDays: expiresAfterDays.optional(),
};
const validity = { validFrom: 'From this instant on', validUntil: 'Up to, not including, this instant' };

const milestone = z.strictObject({
  key,
  counts: z.enum(['signed_up', 'activated', 'converted']).meta({ description: 'What a friend must have done to count' }),
  tiers: z.array(z.strictObject({ reached: z.number().meta({ description: 'So many friends' }), unit, amountMinor })).max(100),
  holdDays: holdDays.optional(),
  expiresAfterDays: expiresAfterDays.optional(),
}).meta({ description: 'For the n-th friend who got somewhere; goes to the referrer' });

const cap = z.strictObject({
  per: z.enum(['day', 'month', 'total']),
  most: z.union([z.strictObject({ rewards: z.number() }), quantity]),
  rule: z.string().max(60).optional().meta({ description: 'Counts the rewards of this rule only' }),
}).meta({ description: 'What one person can get of the program in a day or month (of your zone) or at all' });

const budget = z.strictObject({ unit, totalMinor: z.number() }).meta({ description: 'All that the program gives of a unit. A total below what is given already gives nothing more' });

const rest = {
  milestones: z.array(milestone).max(100).optional(),
  caps: z.array(cap).max(100).optional(),
  budgets: z.array(budget).max(100).optional().meta({ description: 'Of the program, not of a version: a change binds every new reward' }),
};

export const rewardTermsIn = z.strictObject({
  rules: z.array(z.strictObject({
    ...rule,
    validFrom: instantIn.optional().meta({ description: validity.validFrom }),
    validUntil: instantIn.optional().meta({ description: validity.validUntil }),
  })).max(200),
  holdDays: holdDays.default(DEFAULT_HOLD_DAYS),
  ...rest,
}).meta({ id: 'RewardTermsChange', description: 'Who earns what. A referral keeps the terms of the version in force at its sign-up; budgets alone bind at once' });

export const rewardTermsOut = z.object({
  rules: z.array(z.object({ ...rule, validFrom: instantOut.optional(), validUntil: instantOut.optional() })),
  holdDays,
  ...rest,
}).meta({ id: 'RewardTerms' });

export const creditInOut = z.strictObject({
  windowMs: z.number().meta({ description: 'How far credit looks back: a visit at t speaks for a sign-up from t up to, not including, t + windowMs' }),
  prefers: z.enum(['last', 'first']).meta({ description: 'Which of several visits of one rank has the credit' }),
  stackable: z.boolean().meta({ description: 'Does it credit beside another program? It then never takes the acquisition credit from one that does not' }),
}).meta({ id: 'CreditRule', description: 'Who has the credit for a sign-up; asked when somebody signs up' });

/** Reward terms as they go out. */
export function rewardTermsBody({ rules, ...terms }: RewardTerms): z.input<typeof rewardTermsOut> {
  const { milestones, caps, budgets, holdDays: held } = terms;
  return {
    rules: rules.map(ruleBody),
    holdDays: held,
    ...(milestones === undefined ? {} : { milestones: milestones.map(({ tiers, ...more }) => ({ ...more, tiers: [...tiers] })) }),
    ...(caps === undefined ? {} : { caps: [...caps] }),
    ...(budgets === undefined ? {} : { budgets: [...budgets] }),
  };
}

function ruleBody({ validFrom, validUntil, when, ...more }: RewardRule) {
  const { countries, products, amount } = when ?? {};
  return {
    ...more,
    ...(when === undefined ? {} : { when: {
      ...(countries === undefined ? {} : { countries: [...countries] }),
      ...(products === undefined ? {} : { products: [...products] }),
      ...(amount === undefined ? {} : { amount }),
    } }),
    ...(validFrom === undefined ? {} : { validFrom: iso(validFrom) }),
    ...(validUntil === undefined ? {} : { validUntil: iso(validUntil) }),
  };
}
