import { addMinor, MOST_MINOR } from '../money/amount.ts';

/** What a program has of one unit, and where it is. `totalMinor` null: not limited. */
export type Budget = { readonly totalMinor: number | null; readonly reservedMinor: number; readonly confirmedMinor: number };

/** Sets an amount aside when a reward is held: all of it or nothing, so that no burst overspends. One that is not limited ends where amounts can no longer be counted exactly. */
export function reserve(budget: Budget, amountMinor: number): { outcome: 'reserved'; budget: Budget } | { outcome: 'budget_spent'; leftMinor: number } {
  const leftMinor = (budget.totalMinor ?? MOST_MINOR) - budget.reservedMinor - budget.confirmedMinor;
  if (amountMinor > leftMinor) return { outcome: 'budget_spent', leftMinor: Math.max(0, leftMinor) };
  return { outcome: 'reserved', budget: { ...budget, reservedMinor: addMinor(budget.reservedMinor, amountMinor) } };
}

/** Spends what was set aside, when a reward is released. */
export function confirm(budget: Budget, amountMinor: number): Budget {
  return { ...budget, reservedMinor: less(budget.reservedMinor, amountMinor), confirmedMinor: addMinor(budget.confirmedMinor, amountMinor) };
}

/** Gives back what was set aside, when a held reward is voided or becomes smaller. */
export function release(budget: Budget, amountMinor: number): Budget {
  return { ...budget, reservedMinor: less(budget.reservedMinor, amountMinor) };
}

/** Gives back what was spent, when a released reward is reversed. */
export function regain(budget: Budget, amountMinor: number): Budget {
  return { ...budget, confirmedMinor: less(budget.confirmedMinor, amountMinor) };
}

function less(fromMinor: number, amountMinor: number): number {
  if (amountMinor > fromMinor) throw new RangeError(`only ${String(fromMinor)} of ${String(amountMinor)} are there to be taken`);
  return fromMinor - amountMinor;
}
