import { isAmount } from '../money/amount.ts';
import type { RewardFact } from './facts.ts';

type Refunded = Extract<RewardFact, { kind: 'refunded' }>;
export type RefundFact = Refunded | Extract<RewardFact, { kind: 'refund_failed' }>;

/**
 * `failedMinor`: what of the told failed, as far as its teller was not seen to take it off. `last`: of the words that say from where they count.
 * `mostMinor`: what the payment was, and more where more was given back at a time.
 */
type Reading = {
  readonly toldMinor: number; readonly failedMinor: number; readonly mostMinor: number;
  readonly last: { readonly toldMinor: number; readonly beforeMinor: number } | null; readonly hasFailedSince: boolean;
};

/**
 * What was given back of a payment after all, from 0 to what was paid: a fold of the facts by their own time, so that neither the order nor
 * the repetition of telling matters.
 *
 * The latest word holds, and of one instant the one that takes more. A refund that failed is subtracted, once by its id, from words that may
 * have counted it. Whether a vendor lowers its own count by refunds that fail is nowhere promised (decision 61): a word that says from where
 * it counts shows it, by beginning below where the word before ended. A word that does not say so is the whole truth of its instant.
 * A count may go beyond the payment, where its vendor does not lower it; and more may be given back than the payment we know (it may have been
 * told without its tax): then it is all of that, less what failed of it since.
 */
export function givenBack(paidMinor: number, facts: readonly RefundFact[]): number {
  const failed = new Set<string>();
  let reading: Reading = { toldMinor: 0, failedMinor: 0, mostMinor: paidMinor, last: null, hasFailedSince: false };
  for (const fact of facts.toSorted(inOrder)) {
    if (fact.kind === 'refunded') {
      if (isAmount(fact.refundedMinor, 0)) reading = heard(reading, fact, paidMinor);
    } else if (isAmount(fact.failedMinor, 0) && !failed.has(fact.refundId)) {
      failed.add(fact.refundId);
      reading = { ...reading, failedMinor: reading.failedMinor + Math.min(paidMinor, fact.failedMinor), hasFailedSince: true };
    }
    reading = { ...reading, mostMinor: Math.max(reading.mostMinor, reading.toldMinor - reading.failedMinor) };
  }
  const { toldMinor, failedMinor, mostMinor } = reading;
  return Math.max(0, paidMinor - (mostMinor - Math.max(0, toldMinor - failedMinor)));
}

/** No refund is more than the payment that we know: one that is, is all of it. */
function heard({ failedMinor, mostMinor, last, hasFailedSince }: Reading, { refundedMinor, beforeMinor }: Refunded, paidMinor: number): Reading {
  if (beforeMinor === undefined || !isAmount(beforeMinor, 0)) return { toldMinor: Math.min(paidMinor, refundedMinor), failedMinor: 0, mostMinor, last, hasFailedSince };
  const now = { toldMinor: Math.min(refundedMinor, beforeMinor + paidMinor), beforeMinor };
  // The same word again, perhaps under another id: nothing was taken off between the two.
  const isRepeat = !hasFailedSince && last?.toldMinor === now.toldMinor && last.beforeMinor === now.beforeMinor;
  const takenOffMinor = isRepeat || last === null ? 0 : Math.max(0, last.toldMinor - now.beforeMinor);
  return { toldMinor: now.toldMinor, failedMinor: Math.max(0, failedMinor - takenOffMinor), mostMinor, last: now, hasFailedSince: false };
}

/** By time. Of one instant a failure comes after the word it may be counted in; a word that says from where it counts tells itself whether it is. */
function inOrder(a: RefundFact, b: RefundFact): number {
  if (a.at !== b.at || rank(a) !== rank(b)) return a.at - b.at || rank(a) - rank(b);
  if (a.kind === 'refunded' && b.kind === 'refunded') return a.refundedMinor - b.refundedMinor || (a.beforeMinor ?? 0) - (b.beforeMinor ?? 0);
  return a.kind === 'refund_failed' && b.kind === 'refund_failed' ? a.failedMinor - b.failedMinor : 0;
}

function rank(fact: RefundFact): number {
  if (fact.kind === 'refund_failed') return 1;
  return fact.beforeMinor === undefined ? 0 : 2;
}
