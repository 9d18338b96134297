import { ACCOUNT_KINDS, accountKey, type Account } from './accounts.ts';
import type { Transfer } from './transfer.ts';

/** Balances (credits less debits) by `accountKey`; an account without a transfer is not in it. */
export type Balances = ReadonlyMap<string, number>;

/** The balances after transfers, on top of those before. Throws (with the account) where one could no longer be counted exactly. */
export function balancesAfter(transfers: readonly Transfer[], before: Balances = new Map()): Balances {
  const balances = new Map(before);
  for (const one of transfers) move(balances, one);
  return balances;
}

function move(balances: Map<string, number>, { debit, credit, unit, amountMinor }: Transfer): void {
  add(balances, accountKey(debit, unit), -amountMinor);
  add(balances, accountKey(credit, unit), amountMinor);
}

function add(balances: Map<string, number>, key: string, changeMinor: number): void {
  const balanceMinor = (balances.get(key) ?? 0) + changeMinor;
  if (!Number.isSafeInteger(balanceMinor)) throw new RangeError(`the balance of ${key} leaves what can be counted exactly: ${String(balanceMinor)}`);
  balances.set(key, balanceMinor);
}

export type Overdraft = { readonly account: Account; readonly unit: string; readonly balanceMinor: number; readonly place: number };

/**
 * The first transfer, by its place, after which an account is lower than it may be: below 0, or for a program's budget
 * below what it has (by `accountKey`; not in it: not limited). Null where there is none. A reward's transfers are taken one by one.
 */
export function firstOverdraft(transfers: readonly Transfer[], budgetsMinor: Balances = new Map(), before: Balances = new Map()): Overdraft | null {
  const balances = new Map(before);
  for (const [place, one] of transfers.entries()) {
    move(balances, one);
    const key = accountKey(one.debit, one.unit);
    const balanceMinor = balances.get(key) ?? 0;
    const budget = budgetsMinor.get(key);
    const lowest = ACCOUNT_KINDS[one.debit.kind].mayBeNegative ? (budget === undefined ? Number.NEGATIVE_INFINITY : -budget) : 0;
    if (balanceMinor < lowest) return { account: one.debit, unit: one.unit, balanceMinor, place };
  }
  return null;
}
