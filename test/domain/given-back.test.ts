import fc from 'fast-check';
import type { RewardFact } from '../../src/domain/reward/facts.ts';
import { givenBack, type RefundFact } from '../../src/domain/reward/given-back.ts';
import { readCourse } from '../../src/domain/reward/read-course.ts';
import { converted, DAY_MS, signedUp, START } from './reward-sample.ts';

const PAID = 10_000;
let told = 0;
const refunded = (second: number, refundedMinor: number, beforeMinor?: number): RefundFact => ({ kind: 'refunded', id: `r${String((told += 1))}`, at: second, conversionId: 'A', refundedMinor, beforeMinor });
const failed = (second: number, failedMinor: number, refundId = 're_1'): RefundFact => ({ kind: 'refund_failed', id: `f${String((told += 1))}`, at: second, conversionId: 'A', refundId, failedMinor });

test.each<[string, RefundFact[], number]>([
  ['nothing was given back', [], 0],
  ['the latest word holds', [refunded(10, 3_000), refunded(20, 1_000)], 1_000],
  ['of one instant the word that takes more', [refunded(10, 3_000), refunded(10, 1_000)], 3_000],
  ['a refund that failed is taken off', [refunded(10, 1_000), refunded(20, 3_000), failed(30, 2_000)], 1_000],
  ['in its own second, too', [refunded(10, 3_000), failed(10, 3_000)], 0],
  ['once, however often its vendor says so', [refunded(20, 3_000), failed(30, 2_000), failed(40, 2_000)], 1_000],
  ['each refund for itself', [refunded(20, 3_000), failed(30, 2_000), failed(40, 500, 're_2')], 500],
  ['before its refund was told, nothing is given back', [refunded(10, 1_000), failed(30, 2_000)], 0],
  ['a later word that does not say from where it counts is the whole truth', [refunded(20, 3_000), failed(30, 2_000), refunded(60, 1_500)], 1_500],
  ['a vendor that lowers its count by what failed', [refunded(10, 1_000, 0), refunded(20, 3_000, 1_000), failed(30, 2_000), refunded(60, 1_500, 1_000)], 1_500],
  ['a vendor that does not', [refunded(10, 1_000, 0), refunded(20, 3_000, 1_000), failed(30, 2_000), refunded(60, 3_500, 3_000)], 1_500],
  ['one that lowers it, and the same refund tried again', [refunded(20, 3_000, 1_000), failed(30, 2_000), refunded(60, 3_000, 1_000)], 3_000],
  ['the same again within the second of the failure', [refunded(20, 3_000, 1_000), failed(30, 2_000), refunded(30, 3_000, 1_000)], 3_000],
  ['two failures, of which one is lowered before the other comes', [refunded(20, 3_000, 0), failed(30, 2_000), refunded(40, 1_500, 1_000), failed(50, 500, 're_2')], 1_000],
  ['a word that is told under two ids is one', [refunded(20, 3_000, 1_000), failed(20, 2_000), refunded(20, 3_000, 1_000)], 1_000],
  ['the app tells the same refund before the vendor does', [refunded(19, 3_000), refunded(20, 3_000, 0), failed(30, 3_000)], 0],
  ['more than was paid is all of it', [refunded(20, 12_000), failed(30, 500)], 9_500],
  ['the same in two parts', [refunded(10, 4_000, 0), refunded(20, 12_000, 4_000), failed(30, 500)], 9_500],
  ['all of it failed and was given back again, by a vendor that does not lower its count', [refunded(20, 10_000, 0), failed(30, 10_000), refunded(60, 20_000, 10_000)], 10_000],
  ['the same by one that does', [refunded(20, 10_000, 0), failed(30, 10_000), refunded(60, 10_000, 0)], 10_000],
  ['more failed than was given back', [refunded(20, 1_000), failed(30, 20_000)], 0],
  ['amounts that are none say nothing', [refunded(20, 1_000), refunded(30, -1), refunded(31, 0.5), failed(32, Number.NaN)], 1_000],
])('what is given back: %s', (_name, facts, expected) => {
  for (const order of [facts, facts.toReversed(), [...facts, ...facts]]) expect(givenBack(PAID, order)).toBe(expected);
});

const at = fc.integer({ min: 0, max: 6 }).map((days) => START + days * DAY_MS);
const amount = fc.integer({ min: 0, max: 13_000 });
const conversionId = fc.constantFrom('A', 'B');
const paymentFact: fc.Arbitrary<RewardFact> = fc.oneof(
  fc.record({ conversionId, at, refundedMinor: amount, beforeMinor: fc.option(amount, { nil: undefined }) }).map((said): RewardFact => ({ ...said, kind: 'refunded', id: '' })),
  fc.record({ conversionId, at, failedMinor: amount, refundId: fc.constantFrom('re_1', 're_2') }).map((said): RewardFact => ({ ...said, kind: 'refund_failed', id: '' })),
  fc.record({ kind: fc.constantFrom('dispute_opened' as const, 'dispute_won' as const, 'dispute_lost' as const), conversionId, at, disputeId: fc.constantFrom('x', 'y'), amountMinor: fc.option(amount, { nil: undefined }) })
    .map((said): RewardFact => ({ ...said, id: '' })),
  fc.record({ conversionId, at, amountMinor: amount }).map((said): RewardFact => ({ ...said, kind: 'converted', id: '', currency: 'EUR' })),
);
const histories = fc.array(paymentFact, { maxLength: 9 }).map((facts) => [signedUp(), converted('A', PAID, START), ...facts.map((fact, n): RewardFact => ({ ...fact, id: `e${String(n)}` }))]);

test('the course of payments is the same by every order and repetition of the same facts', () => {
  fc.assert(fc.property(histories.chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length }))), ([facts, shuffled]) => {
    // Whatever was left out of the shuffle is told at its end.
    const order = [...shuffled, ...facts.filter((fact) => !shuffled.includes(fact))];
    expect(readCourse(order)).toEqual(readCourse(facts));
  }), { numRuns: 1_000 });
});

test('every permutation of a few refunds and failures reads alike, and never below nothing or above the payment', () => {
  const few = fc.array(paymentFact.filter(({ kind }) => kind === 'refunded' || kind === 'refund_failed'), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(few, (facts) => {
    const given = facts.flatMap((fact, n): RefundFact[] => (fact.kind === 'refunded' || fact.kind === 'refund_failed' ? [{ ...fact, id: `e${String(n)}` }] : []));
    const expected = givenBack(PAID, given);
    expect(expected).toBeGreaterThanOrEqual(0);
    expect(expected).toBeLessThanOrEqual(PAID);
    for (const order of permutations(given)) expect(givenBack(PAID, order)).toBe(expected);
  }), { numRuns: 200 });
});

/** A vendor that books what really happens, and counts by either habit: refunds that arrive, refunds that fail later. */
test('whether a vendor lowers its own count or not, what was really given back is found, once all was told', () => {
  const steps = fc.array(fc.record({ part: fc.integer({ min: 1, max: PAID }), fails: fc.boolean(), after: fc.integer({ min: 1, max: 4 }) }), { maxLength: 8 });
  fc.assert(fc.property(steps, fc.boolean(), (refunds, lowers) => {
    const happenings = refunds.flatMap(({ part, fails, after }, n) => [
      { at: n * 10, part, id: n, failure: false }, ...(fails ? [{ at: (n + after) * 10 + 5, part, id: n, failure: true }] : []),
    ]).toSorted((a, b) => a.at - b.at || a.id - b.id);
    let [counted, really] = [0, 0];
    const left = new Set<number>();
    const facts = happenings.flatMap(({ at: second, part, id, failure }): RefundFact[] => {
      // Nobody gives back more than there is: what failed may be given back again.
      if (failure ? !left.has(id) : really + part > PAID) return [];
      really += failure ? -part : part;
      if (failure) {
        counted -= lowers ? part : 0;
        return [failed(second, part, `re_${String(id)}`)];
      }
      left.add(id);
      counted += part;
      return [refunded(second, counted, counted - part)];
    });
    expect(givenBack(PAID, facts)).toBe(really);
  }), { numRuns: 500 });
});

function permutations<T>(items: readonly T[]): T[][] {
  return items.length < 2 ? [[...items]] : items.flatMap((one, n) => permutations(items.toSpliced(n, 1)).map((rest) => [one, ...rest]));
}
