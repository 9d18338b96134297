import fc from 'fast-check';
import { evaluateMilestones } from '../../src/domain/reward/evaluate-milestones.ts';
import type { ReferralCourse } from '../../src/domain/reward/facts.ts';
import type { MilestoneRule } from '../../src/domain/reward/reward-terms.ts';
import { ANA, anyHistory, converted, course, DAY_MS, dispute, PROGRAM, refunded, signedUp, START, termsOf } from './reward-sample.ts';

const TIERS: MilestoneRule['tiers'] = ([[1, 2_500], [5, 10_000], [10, 25_000], [25, 50_000], [50, 100_000], [100, 200_000]] as const).map(([reached, amountMinor]) => ({ reached, unit: 'EUR', amountMinor }));
const terms = (counts: MilestoneRule['counts']) => termsOf([], { milestones: [{ key: 'friends', counts, tiers: TIERS, expiresAfterDays: 10 }] });
const friends = (count: number, change: (n: number) => Partial<ReferralCourse> = () => ({})): ReferralCourse[] =>
  Array.from({ length: count }, (_, n) => course([signedUp(START + n), converted('A', 1_000, START + n * DAY_MS)], { referralId: `ref_${String(n).padStart(3, '0')}`, ...change(n) }));
const reached = (referrals: readonly ReferralCourse[], counts: MilestoneRule['counts'] = 'converted'): string[] =>
  evaluateMilestones(terms(counts), { programId: PROGRAM, referrerId: ANA, referrals }).map(({ key, pausedBy }) => `${key.split(':')[1] ?? ''}${pausedBy === null ? '' : ` paused by ${pausedBy}`}`);

test.each([[0, []], [1, ['1']], [4, ['1']], [5, ['1', '5']], [99, ['1', '5', '10', '25', '50']], [100, ['1', '5', '10', '25', '50', '100']]])('%i friends who paid have reached %j', (count, expected) => {
  expect(reached(friends(count))).toEqual(expected);
});

test('a milestone is the referrer\'s, named by what was reached, earned when the friend it needed got there', () => {
  expect(evaluateMilestones(terms('converted'), { programId: PROGRAM, referrerId: ANA, referrals: friends(5).toReversed() })[1]).toEqual({
    key: `${PROGRAM}/${ANA}/friends/milestone:5`, ruleKey: 'friends', side: 'referrer', memberId: ANA, state: 'held', unit: 'EUR', amountMinor: 10_000,
    reason: null, pausedBy: null, earnedAt: START + 4 * DAY_MS, holdUntil: START + 34 * DAY_MS, expiresAt: START + 44 * DAY_MS,
  });
});

test.each<[string, (n: number) => Partial<ReferralCourse>, string[]]>([
  ['refunded in full', (n) => (n === 2 ? { facts: [signedUp(), converted('A', 1_000), refunded('A', 1_000)] } : {}), ['1']],
  ['refunded in part', (n) => (n === 2 ? { facts: [signedUp(), converted('A', 1_000), refunded('A', 999)] } : {}), ['1', '5']],
  ['charged back', (n) => (n === 2 ? { facts: [signedUp(), converted('A', 1_000), dispute('dispute_lost', 'A')] } : {}), ['1']],
  ['in dispute', (n) => (n === 2 ? { facts: [signedUp(), converted('A', 1_000), dispute('dispute_opened', 'A')] } : {}), ['1', '5 paused by dispute']],
  ['in dispute, with another payment that is not', (n) => (n === 2 ? { facts: [signedUp(), converted('A', 1_000), converted('B', 1_000), dispute('dispute_opened', 'A')] } : {}), ['1', '5']],
  ['under review', (n) => (n === 2 ? { underReview: true } : {}), ['1', '5 paused by review']],
  ['found to be the referrer', (n) => (n === 2 ? { selfReferral: true } : {}), ['1']],
  ['all under review', () => ({ underReview: true }), ['1 paused by review', '5 paused by review']],
])('of five friends, one %s', (_name, change, expected) => {
  expect(reached(friends(5, change))).toEqual(expected);
});

test('a friend under review pauses no milestone that the others reach without them', () => {
  expect(reached(friends(6, (n) => (n === 2 ? { underReview: true } : {})))).toEqual(['1', '5']);
});

test('sign-ups and first values are counted where the rule says so', () => {
  const guests = Array.from({ length: 5 }, (_, n) => course([signedUp(), ...(n === 0 ? [{ kind: 'first_value' as const, id: 'v', at: START }] : [])], { referralId: `ref_${String(n)}` }));
  expect([reached(guests, 'signed_up'), reached(guests, 'activated'), reached(guests, 'converted')]).toEqual([['1', '5'], ['1'], []]);
});

test('in whatever order referrals are looked at the same is reached, and a refund never reaches more', () => {
  fc.assert(fc.property(fc.array(anyHistory, { maxLength: 8 }), fc.nat(7), (histories, which) => {
    const referrals = histories.map((facts, n) => course(facts, { referralId: `ref_${String(n)}` }));
    const found = reached(referrals);
    expect(reached(referrals.toReversed())).toEqual(found);
    const less = referrals.map((one, n) => (n === which ? { ...one, facts: [...one.facts, ...['A', 'B', 'C', 'D'].map((id) => refunded(id, 99_999, START + 300 * DAY_MS))] } : one));
    expect(reached(less).length).toBeLessThanOrEqual(found.length);
  }), { numRuns: 200 });
});
