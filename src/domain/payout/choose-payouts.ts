import type { MemberId } from '../ids.ts';
import { nettedOf } from '../ledger/transfers-for-payout.ts';
import { isAmount } from '../money/amount.ts';
import type { LeftOutReason } from './reasons.ts';

/** What a member could be paid of one currency. */
export type Payable = {
  readonly memberId: MemberId;
  readonly rewards: number;
  /** Their sum (minor units). */
  readonly rewardsMinor: number;
  /** What the member was paid or used and has to give back (at least 0). */
  readonly owesMinor: number;
  readonly hasPayee: boolean;
  readonly excluded: boolean;
};

export type BatchTerms = { readonly minimumMinor: number; readonly needsPayee: boolean };

/** What a payout pays. */
export type PayoutAmounts = { readonly rewardsMinor: number; readonly nettedMinor: number; readonly paidMinor: number };
export type Chosen = PayoutAmounts & { readonly memberId: MemberId; readonly rewards: number; readonly leftOut: LeftOutReason | null };

/** A batch takes no more: it is approved in one transaction. */
export const MOST_PAYOUTS = 1_000;
export const MOST_REWARDS = 20_000;

/**
 * Who gets what, and who is left out and why. The minimum is judged by what would be paid; where all is kept back for a debt there is
 * nothing to pay, and the debt is settled. Members are taken in the order given until the batch is full.
 */
export function choosePayouts(payable: readonly Payable[], terms: BatchTerms): Chosen[] {
  let payouts = 0;
  let rewards = 0;
  return payable.map((one) => {
    const amounts = amountsOf(one);
    const reason = leftOut(one, amounts, terms);
    const isFull = payouts >= MOST_PAYOUTS || rewards + one.rewards > MOST_REWARDS;
    if (reason === null && !isFull) {
      payouts += 1;
      rewards += one.rewards;
    }
    return { memberId: one.memberId, rewards: one.rewards, ...amounts, leftOut: reason ?? (isFull ? 'batch_full' : null) };
  });
}

/** The same judgement for one payout, when it is approved. */
export function judgePayout(one: Payable, terms: BatchTerms): Chosen {
  const amounts = amountsOf(one);
  return { memberId: one.memberId, rewards: one.rewards, ...amounts, leftOut: leftOut(one, amounts, terms) };
}

function amountsOf({ rewardsMinor, owesMinor }: Payable): PayoutAmounts {
  const nettedMinor = nettedOf(rewardsMinor, owesMinor);
  return { rewardsMinor, nettedMinor, paidMinor: rewardsMinor - nettedMinor };
}

function leftOut({ rewardsMinor, hasPayee, excluded }: Payable, { paidMinor }: PayoutAmounts, { minimumMinor, needsPayee }: BatchTerms): LeftOutReason | null {
  if (excluded) return 'excluded';
  if (rewardsMinor === 0) return 'nothing_left';
  if (!isAmount(rewardsMinor)) return 'too_large';
  if (paidMinor > 0 && paidMinor < minimumMinor) return 'below_minimum';
  return needsPayee && paidMinor > 0 && !hasPayee ? 'no_payee' : null;
}
