import type { Unit } from '../money/unit.ts';

/** What is wrong with a tenant's books, and where first. */
export type LedgerFault =
  /** A block does not follow from the one before it, or does not seal what stands there now: from `firstSequence` on nothing is proved. */
  | { readonly kind: 'block'; readonly number: number; readonly firstSequence: number; readonly lastSequence: number }
  /** Nothing stands at a place where something was booked, or something stands after the last. */
  | { readonly kind: 'sequence'; readonly sequence: number }
  /** A transfer between accounts of another unit than its own: debits and credits of that unit are no longer equal. */
  | { readonly kind: 'unit'; readonly sequence: number; readonly id: string }
  /** The ledger says that it is sealed through another place than its last block. */
  | { readonly kind: 'sealed_through'; readonly sealedThrough: number; readonly lastBlockEndsAt: number }
  /** An account's balance is not the sum of its transfers. */
  | { readonly kind: 'balance'; readonly account: string; readonly unit: Unit; readonly balanceMinor: number; readonly sumMinor: number }
  /** An account's balance is lower than it may be. */
  | { readonly kind: 'overdrawn'; readonly account: string; readonly unit: Unit; readonly balanceMinor: number };

export type LedgerVerdict = {
  readonly outcome: 'sound' | 'broken';
  /** Transfers and blocks that were looked at; in a broken ledger up to the first fault. */
  readonly transfers: number;
  readonly sealed: number;
  readonly blocks: number;
  /** Of the last block that holds. */
  readonly hash: string | null;
  readonly accounts: number;
  /** The first, and why. */
  readonly fault: LedgerFault | null;
};

/** A fault as a sentence, with the place where to look. */
export function sayFault(fault: LedgerFault): string {
  switch (fault.kind) {
    case 'block': return `Block ${String(fault.number)} (transfers ${String(fault.firstSequence)} to ${String(fault.lastSequence)}) does not seal what stands there now, or does not follow the block before it. What was sealed before it holds.`;
    case 'sequence': return `The transfers are not without gaps: look at place ${String(fault.sequence)}.`;
    case 'unit': return `Transfer ${String(fault.sequence)} (${fault.id}) is of another unit than its accounts.`;
    case 'sealed_through': return `The ledger is said to be sealed through transfer ${String(fault.sealedThrough)}, but its last block ends at ${String(fault.lastBlockEndsAt)}: a block is missing, or one too many.`;
    case 'balance': return `Account ${fault.account} of ${fault.unit} stands at ${String(fault.balanceMinor)}, but its transfers sum to ${String(fault.sumMinor)} (minor units).`;
    case 'overdrawn': return `Account ${fault.account} of ${fault.unit} stands at ${String(fault.balanceMinor)} and may not be below 0.`;
  }
}
