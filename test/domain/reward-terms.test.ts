import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { rewardTermsProblems } from '../../src/domain/reward/reward-terms-problems.ts';
import { everyKind, fifteenPercent, TENANT_UNITS } from './reward-sample.ts';

const fixed = { kind: 'fixed', unit: 'points', amountMinor: 5 } as const;
const fine: RewardTerms = {
  ...everyKind,
  milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 2_500 }, { reached: 5, unit: 'EUR', amountMinor: 10_000 }] }],
  caps: [{ per: 'day', most: { rewards: 5 } }, { per: 'month', most: { unit: 'EUR', amountMinor: 50_000 } }, { per: 'total', most: { rewards: 3 }, rule: 'third' }],
  budgets: [{ unit: 'EUR', totalMinor: 1_000_000 }, { unit: 'points', totalMinor: 0 }],
};

test('terms of every kind of rule can be saved as they are, and so can terms that reward nothing', () => {
  expect(rewardTermsProblems(fine, TENANT_UNITS)).toEqual([]);
  expect(rewardTermsProblems({ rules: [], holdDays: 0 }, new Set())).toEqual([]);
});

const rule = (more: object): Partial<RewardTerms> => ({ rules: [{ ...fifteenPercent, ...more }], caps: [] });
const tiers = (...list: [number, number][]): Partial<RewardTerms> => ({ milestones: [{ key: 'friends', counts: 'activated', tiers: list.map(([reached, amountMinor]) => ({ reached, unit: 'xp', amountMinor })) }] });

test.each<[string, Partial<RewardTerms>, RegExp]>([
  ['a hold of no whole days', { holdDays: 1.5 }, /^holdDays: is 1\.5; a whole number/],
  ['a hold for ever', { holdDays: 366 }, /^holdDays: is 366; 0 to 365/],
  ['a hold that is no number', rule({ holdDays: Number.NaN }), /^rules\[0\]\.holdDays: is NaN/],
  ['a key with capitals', rule({ key: 'First' }), /^rules\[0\]\.key: "First" must begin with a small letter/],
  ['a key with a slash', rule({ key: 'a/b' }), /^rules\[0\]\.key: "a\/b" must/],
  ['two rules of one key', { rules: [fifteenPercent, fifteenPercent], caps: [] }, /^rules\[1\]\.key: "first_payment" names another rule already/],
  ['a milestone with a rule\'s key', { milestones: [{ key: 'third', counts: 'signed_up', tiers: [{ reached: 1, unit: 'xp', amountMinor: 1 }] }] }, /^milestones\[0\]\.key: "third" names another/],
  ['the 0th payment', rule({ on: { kind: 'nth_conversion', n: 0 } }), /^rules\[0\]\.on\.n: is 0; 1 to/],
  ['recurring for no month', rule({ on: { kind: 'recurring', months: 0 } }), /^rules\[0\]\.on\.months: is 0; 1 to 120/],
  ['a percentage of a sign-up', rule({ on: { kind: 'sign_up' } }), /^rules\[0\]\.give\.kind: a percentage needs a payment; sign_up has none/],
  ['more than the whole', rule({ give: { kind: 'percent', basisPoints: 10_001 } }), /^rules\[0\]\.give\.basisPoints: is 10001; 1 to 10000/],
  ['no percentage', rule({ give: { kind: 'percent', basisPoints: 0 } }), /^rules\[0\]\.give\.basisPoints: is 0/],
  ['a most in no currency', rule({ give: { kind: 'percent', basisPoints: 5, most: { amountMinor: 5, currency: 'BTC' } } }), /^rules\[0\]\.give\.most\.currency: "BTC" is no currency/],
  ['a unit nobody defined', rule({ give: { ...fixed, unit: 'gems' } }), /^rules\[0\]\.give\.unit: "gems" is no unit of yours/],
  ['an unlisted currency', rule({ give: { ...fixed, unit: 'XAU' } }), /^rules\[0\]\.give\.unit: "XAU" .*currency_not_supported/],
  ['a negative reward', rule({ give: { ...fixed, amountMinor: -5 } }), /^rules\[0\]\.give\.amountMinor: is -5; at least 1/],
  ['half a reward', rule({ give: { ...fixed, amountMinor: 0.5 } }), /^rules\[0\]\.give\.amountMinor: is 0\.5; minor units/],
  ['an endless reward', rule({ give: { ...fixed, amountMinor: 2 ** 53 } }), /^rules\[0\]\.give\.amountMinor: is more than/],
  ['a country that is none', rule({ when: { countries: ['de'] } }), /^rules\[0\]\.when\.countries: "de" is not an ISO 3166 code/],
  ['no country at all', rule({ when: { countries: [] } }), /^rules\[0\]\.when\.countries: is empty/],
  ['a country twice', rule({ when: { countries: ['DE', 'DE'] } }), /^rules\[0\]\.when\.countries: names "DE" twice/],
  ['a product of a sign-up', rule({ on: { kind: 'sign_up' }, give: fixed, when: { products: ['gold'] } }), /^rules\[0\]\.when\.products: needs a payment/],
  ['an amount nothing can have', rule({ when: { amount: { currency: 'EUR', minMinor: 10, maxMinor: 9 } } }), /^rules\[0\]\.when\.amount\.maxMinor: is below minMinor/],
  ['a validity without an instant', rule({ validFrom: 5, validUntil: 5 }), /^rules\[0\]\.validUntil: is not after validFrom/],
  ['an expiry at once', rule({ expiresAfterDays: 0 }), /^rules\[0\]\.expiresAfterDays: is 0; 1 to/],
  ['a window of no day', rule({ withinDays: 0 }), /^rules\[0\]\.withinDays: is 0; 1 to/],
  ['milestones without a tier', tiers(), /^milestones\[0\]\.tiers: is empty/],
  ['milestones that go down', tiers([5, 1], [1, 1]), /^milestones\[0\]\.tiers\[1\]\.reached: must be more/],
  ['a milestone twice', tiers([5, 1], [5, 1]), /^milestones\[0\]\.tiers\[1\]\.reached: must be more/],
  ['a milestone that gives nothing', tiers([5, 0]), /^milestones\[0\]\.tiers\[0\]\.amountMinor: is 0; at least 1/],
  ['a cap of nothing', { caps: [{ per: 'day', most: { rewards: 0 } }] }, /^caps\[0\]\.most\.rewards: is 0/],
  ['a cap of no rule', { caps: [{ per: 'day', most: { rewards: 1 }, rule: 'nobody' }] }, /^caps\[0\]\.rule: "nobody" is none of the rules/],
  ['a cap in no unit', { caps: [{ per: 'day', most: { unit: 'gems', amountMinor: 1 } }] }, /^caps\[0\]\.most\.unit: "gems"/],
  ['two budgets of one unit', { budgets: [{ unit: 'EUR', totalMinor: 5 }, { unit: 'EUR', totalMinor: 6 }] }, /^budgets\[1\]\.unit: EUR has a budget already/],
  ['a negative budget', { budgets: [{ unit: 'EUR', totalMinor: -1 }] }, /^budgets\[0\]\.totalMinor: is -1; at least 0/],
  ['too many caps', { caps: Array.from({ length: 21 }, () => ({ per: 'day' as const, most: { rewards: 1 } })) }, /^caps: has 21; at most 20/],
])('%s is refused before it is saved, with its path', (_name, changes, problem) => {
  const problems = rewardTermsProblems({ ...fine, ...changes }, TENANT_UNITS);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(problem);
});
