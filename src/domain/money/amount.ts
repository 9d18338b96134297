/** The largest amount: the last whole number after which a double begins to skip some (2^53 - 1). */
export const MOST_MINOR = Number.MAX_SAFE_INTEGER;

/** A whole number of minor units from `leastMinor` (1) up to 2^53 - 1; -0 is none. */
export function isAmount(value: unknown, leastMinor = 1): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= leastMinor && !Object.is(value, -0);
}

/** What keeps a value from being an amount, as the end of a sentence that begins with its name; null where nothing does. */
export function amountProblem(value: unknown, leastMinor = 1): string | null {
  if (isAmount(value, leastMinor)) return null;
  if (typeof value !== 'number' || Number.isNaN(value)) return 'must be a number of minor units (cents)';
  if (value > MOST_MINOR) return `is more than ${String(MOST_MINOR)} minor units`;
  if (!Number.isInteger(value)) return `is ${String(value)}; minor units (cents) have no fractions`;
  return `is ${String(value)}; at least ${String(leastMinor)} is needed`;
}

/** Sums and differences of amounts. Throws where a double could no longer tell neighbours apart: money is never rounded by accident. */
export function addMinor(...parts: readonly number[]): number {
  let total = 0;
  for (const part of parts) {
    total += part;
    if (!Number.isSafeInteger(total)) throw new RangeError(`the sum leaves what can be counted exactly: ${String(total)}`);
  }
  return total;
}
