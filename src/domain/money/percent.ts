import { isAmount } from './amount.ts';

/** Hundredths of a percent: 1500 are 15 %. */
export const WHOLE_BASIS_POINTS = 10_000;

/**
 * A part of an amount, in basis points (0 to 10,000). Rounded down to the minor unit: what is promised as 15 % is never
 * more than 15 %, and a smaller payment never gives more. Counted in whole numbers throughout, so exact up to 2^53 - 1.
 */
export function percentOf(amountMinor: number, basisPoints: number): number {
  if (!isAmount(amountMinor, 0)) throw new RangeError(`not an amount: ${String(amountMinor)}`);
  if (!isAmount(basisPoints, 0) || basisPoints > WHOLE_BASIS_POINTS) throw new RangeError(`not basis points: ${String(basisPoints)}`);
  return Number((BigInt(amountMinor) * BigInt(basisPoints)) / BigInt(WHOLE_BASIS_POINTS));
}
