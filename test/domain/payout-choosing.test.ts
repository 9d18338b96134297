import fc from 'fast-check';
import { makeId } from '../../src/domain/ids.ts';
import { choosePayouts, judgePayout, MOST_PAYOUTS, MOST_REWARDS, type Payable } from '../../src/domain/payout/choose-payouts.ts';

const member = (n: number) => makeId('mbr', 1_780_000_000_000 + n, new Uint8Array(10).fill(1));
const payable = (changes: Partial<Payable> = {}): Payable => ({ memberId: member(0), rewards: 1, rewardsMinor: 5_000, owesMinor: 0, hasPayee: true, excluded: false, ...changes });

test.each([
  ['pays what the rewards come to', {}, { paidMinor: 5_000, nettedMinor: 0, leftOut: null }],
  ['keeps back what the member owes', { owesMinor: 1_200 }, { paidMinor: 3_800, nettedMinor: 1_200, leftOut: null }],
  ['keeps back no more than there is: nothing is left to pay, the debt is settled', { owesMinor: 9_000 }, { paidMinor: 0, nettedMinor: 5_000, leftOut: null }],
  ['leaves out who would be paid less than the minimum', { rewardsMinor: 999 }, { paidMinor: 999, leftOut: 'below_minimum' }],
  ['pays the minimum itself', { rewardsMinor: 1_000 }, { paidMinor: 1_000, leftOut: null }],
  ['judges the minimum by what is paid, after what is owed', { owesMinor: 4_500 }, { paidMinor: 500, leftOut: 'below_minimum' }],
  ['leaves out who is excluded', { excluded: true }, { leftOut: 'excluded' }],
  ['leaves out who has no payee, where the rail needs one', { hasPayee: false }, { leftOut: 'no_payee' }],
  ['needs no payee where nothing is paid', { hasPayee: false, owesMinor: 9_000 }, { leftOut: null }],
  ['leaves out of whom all was taken back', { rewardsMinor: 0 }, { leftOut: 'nothing_left' }],
  ['leaves out a sum that cannot be counted exactly', { rewardsMinor: Number.MAX_SAFE_INTEGER + 1 }, { leftOut: 'too_large' }],
] as const)('a batch %s', (_what, changes, expected) => {
  expect(judgePayout(payable(changes), { minimumMinor: 1_000, needsPayee: true })).toMatchObject(expected);
});

test('a payee is asked for only by a rail that needs one', () => {
  expect(judgePayout(payable({ hasPayee: false }), { minimumMinor: 0, needsPayee: false }).leftOut).toBeNull();
});

test('a full batch leaves the rest for another one: by payouts, and by rewards', () => {
  const many = choosePayouts(Array.from({ length: MOST_PAYOUTS + 2 }, (_, n) => payable({ memberId: member(n) })), { minimumMinor: 0, needsPayee: false });
  expect(many.map(({ leftOut }) => leftOut).filter((leftOut) => leftOut !== null)).toEqual(['batch_full', 'batch_full']);
  const large = choosePayouts([payable({ rewards: MOST_REWARDS }), payable({ memberId: member(1) })], { minimumMinor: 0, needsPayee: false });
  expect(large.map(({ leftOut }) => leftOut)).toEqual([null, 'batch_full']);
});

test('whatever is chosen: rewards are what is paid and what is kept back, never more than is owed, and who is paid is paid the minimum', () => {
  const any = fc.record({ rewardsMinor: fc.integer({ min: 0, max: 1e9 }), owesMinor: fc.integer({ min: 0, max: 1e9 }), hasPayee: fc.boolean(), excluded: fc.boolean() });
  fc.assert(fc.property(fc.array(any, { maxLength: 20 }), fc.integer({ min: 0, max: 1e6 }), (given, minimumMinor) => {
    const rows = given.map((one, n) => payable({ ...one, memberId: member(n) }));
    for (const [n, one] of choosePayouts(rows, { minimumMinor, needsPayee: true }).entries()) {
      expect(one.paidMinor + one.nettedMinor).toBe(one.rewardsMinor);
      expect(one.nettedMinor).toBeLessThanOrEqual(rows[n]?.owesMinor ?? 0);
      if (one.leftOut === null && one.paidMinor > 0) expect(one.paidMinor).toBeGreaterThanOrEqual(minimumMinor);
    }
  }));
});
