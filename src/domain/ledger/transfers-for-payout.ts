import type { MemberId } from '../ids.ts';
import type { Unit } from '../money/unit.ts';
import type { Account } from './accounts.ts';
import { transfer, type Transfer } from './transfer.ts';

/** What one payout to one member is about. Fixed when it is approved. */
export type PayoutSums = {
  readonly memberId: MemberId;
  readonly unit: Unit;
  /** The rewards in it, all together. */
  readonly rewardsMinor: number;
  /** Of it: kept back for what the member owes us. The rest is paid. */
  readonly nettedMinor: number;
};

export type PayoutChange =
  /** Its rewards leave what the member is owed; nobody else can use them from now on. */
  | { readonly kind: 'approved' }
  /**
   * The rail has paid (`completed`), or never will. What of its rewards was taken back meanwhile is settled at once: it
   * becomes a claim on the member who was paid, and leaves what is owed again to one who was not.
   */
  | { readonly kind: 'completed' | 'failed' | 'canceled'; readonly takenBackMinor: number };

/** How much of a payout is kept back, given what the member owes (at least 0). What a payout under way may still turn into a debt is none yet. */
export function nettedOf(rewardsMinor: number, owesMinor: number): number {
  return Math.max(0, Math.min(rewardsMinor, owesMinor));
}

/**
 * What a change of a payout books. `sending`, `sent` and `unknown` book nothing: until the rail has said how it ended the
 * money is in transit, neither the member's nor gone.
 */
export function transfersForPayout(change: PayoutChange, { memberId, unit, rewardsMinor, nettedMinor }: PayoutSums): Transfer[] {
  if (nettedMinor > rewardsMinor) throw new RangeError('more is kept back than there is');
  const owed: Account = { kind: 'member_owed', ownerId: memberId };
  const clawback: Account = { kind: 'member_clawback', ownerId: memberId };
  const unsettled: Account = { kind: 'member_unsettled', ownerId: memberId };
  const book = (debit: Account, credit: Account, amountMinor: number): Transfer[] => (amountMinor === 0 ? [] : [transfer(debit, credit, unit, amountMinor)]);
  const paidMinor = rewardsMinor - nettedMinor;
  switch (change.kind) {
    case 'approved': return [...book(owed, clawback, nettedMinor), ...book(owed, IN_TRANSIT, paidMinor)];
    case 'completed': return [...book(IN_TRANSIT, CASH_OUT, paidMinor), ...book(clawback, unsettled, change.takenBackMinor)];
    case 'failed':
    case 'canceled': return [...book(IN_TRANSIT, owed, paidMinor), ...book(clawback, owed, nettedMinor), ...book(owed, unsettled, change.takenBackMinor)];
  }
}

const IN_TRANSIT: Account = { kind: 'in_transit', ownerId: '' };
const CASH_OUT: Account = { kind: 'cash_out', ownerId: '' };
