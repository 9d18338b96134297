import { isAmount } from './amount.ts';

/**
 * Splits an amount by weights so that the parts add up to it exactly (largest remainder, Hamilton's method): each gets
 * its share rounded down, and the units left over go one each to the largest remainders, among equals to the first.
 * No part is a whole unit or more away from its exact share. Throws where no weight is above zero.
 */
export function allocate(amountMinor: number, weights: readonly number[]): number[] {
  if (!isAmount(amountMinor, 0)) throw new RangeError(`not an amount: ${String(amountMinor)}`);
  if (!weights.every((weight) => isAmount(weight, 0))) throw new RangeError('weights are whole numbers from 0');
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total === 0n) throw new RangeError('at least one weight must be above 0');
  const shares = weights.map((weight, place) => {
    const exact = BigInt(amountMinor) * BigInt(weight);
    return { place, part: exact / total, rest: exact % total };
  });
  const left = BigInt(amountMinor) - shares.reduce((sum, { part }) => sum + part, 0n);
  const rounded = shares.toSorted((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1)).slice(0, Number(left));
  const up = new Set(rounded.map(({ place }) => place));
  return shares.map(({ place, part }) => Number(part) + (up.has(place) ? 1 : 0));
}
