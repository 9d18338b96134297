import { amountProblem } from '../money/amount.ts';
import type { Unit } from '../money/unit.ts';
import { ACCOUNT_KINDS, type Account } from './accounts.ts';

/** An amount that leaves one account for another of the same unit. Never changed: what was wrong is set right by another. */
export type Transfer = {
  readonly debit: Account;
  readonly credit: Account;
  readonly unit: Unit;
  readonly amountMinor: number;
};

/** Makes a transfer; throws where it could not be booked: an amount below 1, one account on both sides, an owner where there is none. */
export function transfer(debit: Account, credit: Account, unit: Unit, amountMinor: number): Transfer {
  const problem = amountProblem(amountMinor);
  if (problem !== null) throw new RangeError(`a transfer's amount ${problem}`);
  if (debit.kind === credit.kind && debit.ownerId === credit.ownerId) throw new Error(`a transfer from ${debit.kind} to itself`);
  for (const { kind, ownerId } of [debit, credit]) {
    if ((ACCOUNT_KINDS[kind].owner === 'tenant') !== (ownerId === '')) throw new Error(`${kind} with the owner "${ownerId}"`);
  }
  return { debit, credit, unit, amountMinor };
}
