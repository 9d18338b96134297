import type { Quantity } from '../money/unit.ts';

/**
 * What a notice says beyond its words. `amount`: so many minor units of each unit, `1000 EUR + 3 points`. `until`: when a hold is
 * over, ISO 8601. `reason`: a reward's reason code. Nothing of a person.
 */
export type NoticeValues = { readonly amount?: string; readonly until?: string; readonly reason?: string };

/** The sums of several amounts, a unit each, in the order of the units. */
export function amountValue(quantities: readonly Quantity[]): string {
  const sums = new Map<string, number>();
  for (const { unit, amountMinor } of quantities) sums.set(unit, (sums.get(unit) ?? 0) + amountMinor);
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([unit, amountMinor]) => `${String(amountMinor)} ${unit}`).join(' + ');
}

/** What `amountValue` wrote. Throws where it did not. */
export function readAmounts(value: string): Quantity[] {
  return value.split(' + ').map((part) => {
    const [, amount, unit] = /^(\d{1,16}) ([A-Z]{3}|[a-z][a-z0-9_]{0,29})$/.exec(part) ?? [];
    const amountMinor = Number(amount);
    if (unit === undefined || !Number.isSafeInteger(amountMinor)) throw new Error('a notice has an amount that cannot be read');
    return { unit, amountMinor };
  });
}
