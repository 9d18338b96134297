import { isCurrency } from '../../money/currencies.ts';
import { decimalText } from '../../money/decimal-text.ts';
import type { Unit } from '../../money/unit.ts';

/** `7.35 EUR`, `500 points`. */
export function amountText(amountMinor: number, unit: Unit): string {
  return `${isCurrency(unit) ? decimalText(amountMinor, unit) : String(amountMinor)} ${unit}`;
}
