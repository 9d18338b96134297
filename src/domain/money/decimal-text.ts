import { isAmount } from './amount.ts';
import { CURRENCY_EXPONENTS } from './currencies.ts';
import type { Unit } from './unit.ts';

/**
 * An amount as a plain decimal number without its unit, with a point and no separators: `12.34` of EUR, `1234` of JPY,
 * `1.234` of KWD, `3` of a tenant's own unit. For files and messages that machines read; may be negative, as balances are.
 */
export function decimalText(amountMinor: number, unit: Unit): string {
  const size = Math.abs(amountMinor);
  if (!isAmount(size, 0)) throw new RangeError(`not an amount: ${String(amountMinor)}`);
  const exponent = CURRENCY_EXPONENTS.get(unit) ?? 0;
  const digits = String(size).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return `${amountMinor < 0 ? '-' : ''}${whole}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`}`;
}
