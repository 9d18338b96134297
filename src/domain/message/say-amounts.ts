import { CURRENCY_EXPONENTS } from '../money/currencies.ts';
import { decimalText } from '../money/decimal-text.ts';
import type { Quantity } from '../money/unit.ts';
import { cleanLine } from './clean-text.ts';

const TITLE_MAX = 60;

/** Amounts as a person reads them, joined by a plus sign; `titles`: what the tenant calls its own units. `locale`: a tag. */
export function sayAmounts(amounts: readonly Quantity[], titles: ReadonlyMap<string, string>, locale: string): string {
  return amounts.map((amount) => sayAmount(amount, titles, locale)).join(' + ');
}

function sayAmount({ unit, amountMinor }: Quantity, titles: ReadonlyMap<string, string>, locale: string): string {
  const digits = CURRENCY_EXPONENTS.get(unit);
  if (digits === undefined) return `${new Intl.NumberFormat(locale).format(amountMinor)} ${cleanLine(titles.get(unit) ?? '', TITLE_MAX) || unit}`;
  return new Intl.NumberFormat(locale, { style: 'currency', currency: unit, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Number(decimalText(amountMinor, unit)));
}
