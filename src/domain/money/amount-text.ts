import { decimalText } from './decimal-text.ts';
import type { Unit } from './unit.ts';

/** An amount with its unit, for sentences: `7.35 EUR`, `500 points`. */
export function amountText(amountMinor: number, unit: Unit): string {
  return `${decimalText(amountMinor, unit)} ${unit}`;
}
