import type { ProgramId } from '../ids.ts';
import type { RewardMove } from '../reward/reward-move.ts';
import { leftOf, type StoredReward } from '../reward/stored-reward.ts';
import type { Account } from './accounts.ts';
import { transfer, type Transfer } from './transfer.ts';

/** A reward as it stands before a move (for a grant: as it is granted), and the program that gives it. */
export type Booked = { readonly reward: StoredReward; readonly programId: ProgramId };

/**
 * What one move of a reward books; at most two transfers, in their order. Set aside when granted, given when released,
 * taken back to the program from wherever it lies: what the member has been given for good becomes a claim on
 * them (`member_clawback`), what is just being paid waits for the payout's end (`member_unsettled`).
 * A pause of what is out already books nothing, and neither does `pay`: the payout has booked it (`transfersForPayout`).
 */
export function transfersForReward(move: RewardMove, { reward, programId }: Booked): Transfer[] {
  const budget: Account = { kind: 'program_budget', ownerId: programId };
  const from = whereItLies(reward);
  const book = (debit: Account, credit: Account, amountMinor: number): Transfer[] => [transfer(debit, credit, reward.unit, amountMinor)];
  switch (move.kind) {
    case 'grant': {
      const held = whereItLies({ ...reward, pausedBy: null });
      return [...book(budget, held, move.amountMinor), ...(reward.pausedBy === null ? [] : book(held, DISPUTES, move.amountMinor))];
    }
    case 'void':
    case 'reverse':
    case 'reduce': return book(from, budget, move.amountMinor);
    case 'pause': return book(from, DISPUTES, leftOf(reward));
    case 'resume': return book(DISPUTES, whereItLies({ ...reward, pausedBy: null }), leftOf(reward));
    case 'release': return book(from, { kind: 'member_owed', ownerId: reward.memberId }, leftOf(reward));
    case 'redeem': return book(from, { kind: 'redeemed', ownerId: '' }, leftOf(reward));
    case 'expire': return book(from, { kind: 'forfeits', ownerId: '' }, leftOf(reward));
    case 'pay': return [];
  }
}

const DISPUTES: Account = { kind: 'disputes', ownerId: '' };

/** The account in which what is left of a reward can be taken. */
export function whereItLies({ state, pausedBy, inPayout, memberId }: Pick<StoredReward, 'state' | 'pausedBy' | 'inPayout' | 'memberId'>): Account {
  switch (state) {
    case 'held': return pausedBy === null ? { kind: 'member_held', ownerId: memberId } : DISPUTES;
    case 'released':
      if (inPayout) return { kind: 'member_unsettled', ownerId: memberId };
      return pausedBy === null ? { kind: 'member_owed', ownerId: memberId } : DISPUTES;
    case 'paid':
    case 'redeemed': return { kind: 'member_clawback', ownerId: memberId };
    case 'voided':
    case 'expired':
    case 'reversed': throw new Error(`nothing is left of a reward that is ${state}`);
  }
}
