import fc from 'fast-check';
import { evaluateRewards } from '../../src/domain/reward/evaluate-rewards.ts';
import type { RewardFact } from '../../src/domain/reward/facts.ts';
import { monthsLater } from '../../src/domain/reward/months-later.ts';
import { refundProblem } from '../../src/domain/reward/refund-problem.ts';
import type { RewardRule } from '../../src/domain/reward/reward-terms.ts';
import { anyHistory, converted, course, DAY_MS, dispute, everyKind, fifteenPercent, refunded, signedUp, START, termsOf } from './reward-sample.ts';

const fixed = (on: RewardRule['on'], more: Partial<RewardRule> = {}): RewardRule => ({ key: 'rule', to: 'referrer', on, give: { kind: 'fixed', unit: 'points', amountMinor: 50 }, ...more });
const say = (rules: readonly RewardRule[], facts: readonly RewardFact[], more = {}): string[] =>
  evaluateRewards(termsOf(rules), course(facts, more)).map((one) => `${one.key.replace('ref_1/', '')} ${one.state === 'held' ? `${String(one.amountMinor)} ${one.unit}${one.pausedBy === null ? '' : ` paused by ${one.pausedBy}`}` : one.reason}`);

test.each<[string, RewardRule[], RewardFact[], string[]]>([
  ['15 % of the first payment', [fifteenPercent], [signedUp(), converted('A', 9_999)], ['first_payment/referrer/conversion:A 1499 EUR']],
  ['of the first alone', [fifteenPercent], [signedUp(), converted('B', 5_000, START + 9 * DAY_MS), converted('A', 10_000)], ['first_payment/referrer/conversion:A 1500 EUR']],
  ['in the payment\'s own currency', [fifteenPercent], [signedUp(), converted('A', 500, START, { currency: 'JPY' })], ['first_payment/referrer/conversion:A 75 JPY']],
  ['a payment of nothing is none, the next is the first', [fifteenPercent], [signedUp(), converted('A', 0), converted('B', 200, START + 9 * DAY_MS)], ['first_payment/referrer/conversion:B 30 EUR']],
  ['a part refunded leaves the part of what is left', [fifteenPercent], [signedUp(), converted('A', 10_000), refunded('A', 4_000)], ['first_payment/referrer/conversion:A 900 EUR']],
  ['refunds are set, not added: the latest word counts', [fifteenPercent], [signedUp(), converted('A', 10_000), refunded('A', 5_000, START + 8 * DAY_MS), refunded('A', 2_000)], ['first_payment/referrer/conversion:A 750 EUR']],
  ['of two words of one second the one that takes more', [fifteenPercent], [signedUp(), converted('A', 10_000), refunded('A', 5_000), refunded('A', 2_000)], ['first_payment/referrer/conversion:A 750 EUR']],
  ['a refund that failed gives back', [fifteenPercent], [signedUp(), converted('A', 10_000), refunded('A', 5_000), refunded('A', 0, START + 9 * DAY_MS)], ['first_payment/referrer/conversion:A 1500 EUR']],
  ['everything refunded leaves nothing, and the next payment is still not the first', [fifteenPercent], [signedUp(), converted('A', 10_000), refunded('A', 10_000), converted('B', 9_000, START + 40 * DAY_MS)], ['first_payment/referrer/conversion:A not_eligible']],
  ['a refund above the payment takes no more than was paid', [fifteenPercent], [signedUp(), converted('A', 100), refunded('A', 900)], ['first_payment/referrer/conversion:A not_eligible']],
  ['less than a unit is no reward', [fifteenPercent], [signedUp(), converted('A', 6)], ['first_payment/referrer/conversion:A not_eligible']],
  ['an unlisted currency is refused', [fifteenPercent], [signedUp(), converted('A', 600, START, { currency: 'BTC' })], ['first_payment/referrer/conversion:A currency_not_supported']],
  ['at most so much', [{ ...fifteenPercent, give: { kind: 'percent', basisPoints: 1500, most: { amountMinor: 1_000, currency: 'EUR' } } }], [signedUp(), converted('A', 99_999)], ['first_payment/referrer/conversion:A 1000 EUR']],
  ['the most does not speak of another currency', [{ ...fifteenPercent, give: { kind: 'percent', basisPoints: 1500, most: { amountMinor: 1_000, currency: 'EUR' } } }], [signedUp(), converted('A', 99_999, START, { currency: 'USD' })], ['first_payment/referrer/conversion:A not_eligible']],
  ['both sides at sign-up', [fixed({ kind: 'sign_up' }, { to: 'both' })], [signedUp()], ['rule/referrer/sign_up 50 points', 'rule/referee/sign_up 50 points']],
  ['first value, once', [fixed({ kind: 'first_value' })], [signedUp(), { kind: 'first_value', id: 'v1', at: START + 1 }, { kind: 'first_value', id: 'v2', at: START + 2 }], ['rule/referrer/first_value 50 points']],
  ['every payment', [fixed({ kind: 'conversion' })], [signedUp(), converted('B', 10, START + 2), converted('A', 10, START + 1), converted('A', 10, START + 1)], ['rule/referrer/conversion:A 50 points', 'rule/referrer/conversion:B 50 points']],
  ['the third payment', [fixed({ kind: 'nth_conversion', n: 3 })], [signedUp(), converted('A', 10, START + 1), converted('B', 10, START + 2), converted('C', 10, START + 3)], ['rule/referrer/conversion:C 50 points']],
  ['the upgrade to a plan, once', [fixed({ kind: 'plan_upgrade', plan: 'pro' })], [signedUp(), { kind: 'plan_upgraded', id: 'u1', at: START, plan: 'team' }, { kind: 'plan_upgraded', id: 'u2', at: START + 1, plan: 'pro' }, { kind: 'plan_upgraded', id: 'u3', at: START + 2, plan: 'pro' }], ['rule/referrer/plan_upgrade 50 points']],
  ['a payment before the sign-up is kept and counts', [fifteenPercent], [converted('A', 1_000, START - 9 * DAY_MS), signedUp()], ['first_payment/referrer/conversion:A 150 EUR']],
  ['without a sign-up nothing is earned yet', [fifteenPercent], [converted('A', 1_000)], []],
  ['a refund of a payment nobody reported waits for it', [fifteenPercent], [signedUp(), refunded('A', 500)], []],
])('%s', (_name, rules, facts, expected) => {
  expect(say(rules, facts)).toEqual(expected);
  expect(say(rules, [...facts, ...facts].toReversed())).toEqual(expected);
});

test('a fixed reward is voided below the rule\'s minimum, not before', () => {
  const rule = fixed({ kind: 'conversion' }, { when: { amount: { currency: 'EUR', minMinor: 5_000 } } });
  expect(say([rule], [signedUp(), converted('A', 8_000), refunded('A', 3_000)])).toEqual(['rule/referrer/conversion:A 50 points']);
  expect(say([rule], [signedUp(), converted('A', 8_000), refunded('A', 3_001)])).toEqual(['rule/referrer/conversion:A not_eligible']);
});

test.each<[string, RewardRule['when'], Parameters<typeof converted>[3], string]>([
  ['a country that counts', { countries: ['DE', 'AT'] }, { country: 'AT' }, '50 points'],
  ['the sign-up\'s country where the payment has none', { countries: ['DE'] }, {}, '50 points'],
  ['the payment\'s country before the sign-up\'s', { countries: ['DE'] }, { country: 'FR' }, 'not_eligible'],
  ['a product that counts', { products: ['gold'] }, { product: 'gold' }, '50 points'],
  ['another product', { products: ['gold'] }, { product: 'tin' }, 'not_eligible'],
  ['no product', { products: ['gold'] }, {}, 'not_eligible'],
  ['the least amount', { amount: { currency: 'EUR', minMinor: 1_000 } }, {}, '50 points'],
  ['less than the least', { amount: { currency: 'EUR', minMinor: 1_001 } }, {}, 'not_eligible'],
  ['the most', { amount: { currency: 'EUR', minMinor: 0, maxMinor: 1_000 } }, {}, '50 points'],
  ['more than the most', { amount: { currency: 'EUR', minMinor: 0, maxMinor: 999 } }, {}, 'not_eligible'],
  ['another currency', { amount: { currency: 'USD', minMinor: 0 } }, {}, 'not_eligible'],
])('a condition: %s', (_name, when, more, expected) => {
  expect(say([fixed({ kind: 'conversion' }, { when })], [signedUp(START, { country: 'DE' }), converted('A', 1_000, START, more)])).toEqual([`rule/referrer/conversion:A ${expected}`]);
});

test.each<[string, Partial<RewardRule>, number, string]>([
  ['the last millisecond of 14 days', { withinDays: 14 }, 14 * DAY_MS - 1, '50 points'],
  ['14 days to the millisecond', { withinDays: 14 }, 14 * DAY_MS, 'window_over'],
  ['the first instant of its validity', { validFrom: START + 5, validUntil: START + 9 }, 5, '50 points'],
  ['a millisecond before its validity', { validFrom: START + 5, validUntil: START + 9 }, 4, 'window_over'],
  ['the last millisecond of its validity', { validFrom: START + 5, validUntil: START + 9 }, 8, '50 points'],
  ['the end of its validity', { validFrom: START + 5, validUntil: START + 9 }, 9, 'window_over'],
])('times are half-open: %s', (_name, more, afterMs, expected) => {
  expect(say([fixed({ kind: 'first_value' }, more)], [signedUp(), { kind: 'first_value', id: 'v', at: START + afterMs }])).toEqual([`rule/referrer/first_value ${expected}`]);
});

test('a monthly payment earns for as many months as promised, from the 31st of January on too', () => {
  const monthly = Array.from({ length: 14 }, (_, month) => converted(`m${String(month)}`, 1_000, monthsLater(START, month)));
  const percent: RewardRule = { ...fifteenPercent, key: 'rule', on: { kind: 'recurring', months: 12 } };
  expect(say([percent], [signedUp(), ...monthly])).toEqual(Array.from({ length: 12 }, (_, month) => `rule/referrer/conversion:m${String(month)} 150 EUR`));
  const twice = [converted('x', 1_000, monthsLater(START, 1) - 1), converted('y', 1_000, monthsLater(START, 1) + 1)];
  expect(say([fixed({ kind: 'recurring', months: 2 })], [signedUp(), ...monthly.slice(0, 2), ...twice])).toEqual([
    'rule/referrer/conversion:m0 50 points', 'rule/referrer/conversion:x duplicate', 'rule/referrer/conversion:m1 50 points', 'rule/referrer/conversion:y duplicate',
  ]);
});

test.each([['2026-01-31T10:00:00Z', 1, '2026-02-28T10:00:00Z'], ['2028-01-31T10:00:00Z', 1, '2028-02-29T10:00:00Z'], ['2026-01-31T10:00:00Z', 2, '2026-03-31T10:00:00Z'], ['2026-11-30T00:00:00Z', 3, '2027-02-28T00:00:00Z'], ['2026-06-15T00:00:00Z', 12, '2027-06-15T00:00:00Z'], ['2026-06-15T00:00:00Z', 0, '2026-06-15T00:00:00Z']])(
  '%s and %i months is %s', (from, months, to) => {
    expect(new Date(monthsLater(Date.parse(from), months)).toISOString()).toBe(new Date(to).toISOString());
  },
);

test.each<[string, RewardFact[], string]>([
  ['an open dispute pauses', [dispute('dispute_opened', 'A')], '1500 EUR paused by dispute'],
  ['a won one resumes', [dispute('dispute_opened', 'A'), dispute('dispute_won', 'A', START + 5 * DAY_MS)], '1500 EUR'],
  ['a lost one takes all', [dispute('dispute_opened', 'A'), dispute('dispute_lost', 'A', START + 5 * DAY_MS)], 'not_eligible'],
  ['a part of it lost takes that part', [dispute('dispute_lost', 'A', START + 5 * DAY_MS, { amountMinor: 4_000 })], '900 EUR'],
  ['lost part and refund together take both', [dispute('dispute_lost', 'A', START + 5 * DAY_MS, { amountMinor: 4_000 }), refunded('A', 1_000)], '750 EUR'],
  ['an end that arrives without its beginning is an end', [dispute('dispute_won', 'A')], '1500 EUR'],
  ['a dispute of another payment says nothing', [dispute('dispute_opened', 'B')], '1500 EUR'],
])('disputes: %s', (_name, facts, expected) => {
  for (const order of [facts, facts.toReversed()]) expect(say([fifteenPercent], [...order, signedUp(), converted('A', 10_000)])).toEqual([`first_payment/referrer/conversion:A ${expected}`]);
});

test('a review pauses everything, and one person is paid nothing for themselves', () => {
  const facts = [signedUp(), converted('A', 10_000)];
  expect(say([fifteenPercent], facts, { underReview: true })).toEqual(['first_payment/referrer/conversion:A 1500 EUR paused by review']);
  expect(say([fifteenPercent, fixed({ kind: 'sign_up' }, { to: 'both' })], facts, { selfReferral: true })).toEqual(['first_payment/referrer/conversion:A self_referral', 'rule/referrer/sign_up self_referral', 'rule/referee/sign_up self_referral']);
});

test('a reward is held from what earned it, and expires after its hold', () => {
  const [reward] = evaluateRewards(termsOf([fixed({ kind: 'first_value' }, { expiresAfterDays: 90 })]), course([signedUp(), { kind: 'first_value', id: 'v', at: START + 7 }]));
  expect(reward).toMatchObject({ earnedAt: START + 7, holdUntil: START + 7 + 30 * DAY_MS, expiresAt: START + 7 + 120 * DAY_MS });
  expect(evaluateRewards(termsOf([fixed({ kind: 'sign_up' }, { holdDays: 0 })]), course([signedUp()]))[0]).toMatchObject({ holdUntil: START, expiresAt: null });
});

test('in whatever order and how often facts are told, the same is earned', () => {
  fc.assert(fc.property(anyHistory, fc.infiniteStream(fc.nat()), (facts, draw) => {
    const expected = evaluateRewards(everyKind, course(facts));
    const shuffled = [...facts, ...facts.filter(() => (draw.next().value ?? 0) % 2 === 0)].map((fact) => ({ fact, at: draw.next().value ?? 0 })).toSorted((a, b) => a.at - b.at).map(({ fact }) => fact);
    expect(evaluateRewards(everyKind, course(shuffled))).toEqual(expected);
    expect(new Set(expected.map(({ key }) => key)).size).toBe(expected.length);
  }), { numRuns: 500 });
});

test('a refund never makes anything be worth more, and a percentage never exceeds its part of what is left', () => {
  fc.assert(fc.property(anyHistory, fc.nat(20_000), (facts, more) => {
    const worth = (given: readonly RewardFact[]): Map<string, number> => new Map(evaluateRewards(everyKind, course(given)).flatMap((one) => (one.state === 'held' ? [[one.key, one.amountMinor]] : [])));
    const before = worth(facts);
    const last = facts.reduce((most, fact) => (fact.kind === 'refunded' && fact.conversionId === 'A' && fact.at >= most.at ? { at: fact.at, refundedMinor: fact.refundedMinor } : most), { at: START, refundedMinor: 0 });
    const after = worth([...facts, refunded('A', last.refundedMinor + more, START + 200 * DAY_MS)]);
    for (const [key, amountMinor] of after) expect(amountMinor).toBeLessThanOrEqual(before.get(key) ?? 0);
  }), { numRuns: 300 });
});

test.each<[number, string, string | null]>([[1_000, 'EUR', null], [0, 'EUR', null], [1_001, 'EUR', 'refund_above_payment'], [10, 'USD', 'mixed_currencies'], [-1, 'EUR', 'invalid_amount'], [0.5, 'EUR', 'invalid_amount'], [2 ** 53, 'EUR', 'invalid_amount']])(
  'a refund of %d %s of 1,000 EUR is answered with %j', (amountMinor, currency, reason) => {
    expect(refundProblem({ amountMinor: 1_000, currency: 'EUR' }, { amountMinor, currency })?.reason ?? null).toBe(reason);
  },
);
