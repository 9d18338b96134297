import { CURRENCY_EXPONENTS } from '../../domain/money/currencies.ts';
import { decimalText } from '../../domain/money/decimal-text.ts';
import type { PageLanguage } from '../../domain/preference/page-language.ts';

/** Figures and dates as a person reads them. */
export type Sayer = {
  readonly count: (count: number) => string;
  /** So many minor units of a currency, or whole ones of a unit that the tenant calls `title`. */
  readonly amount: (amountMinor: number, unit: string, title: string | null) => string;
  readonly date: (at: number) => string;
};

/** In one language, with the days of one zone. */
export function sayer(lang: PageLanguage, zone: string): Sayer {
  const counts = new Intl.NumberFormat(lang);
  const dates = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: zone });
  return {
    count: (count) => counts.format(count),
    date: (at) => dates.format(at),
    amount(amountMinor, unit, title) {
      const digits = CURRENCY_EXPONENTS.get(unit);
      if (digits === undefined) return `${counts.format(amountMinor)} ${title ?? unit}`;
      const money = new Intl.NumberFormat(lang, { style: 'currency', currency: unit, minimumFractionDigits: digits, maximumFractionDigits: digits });
      return money.format(Number(decimalText(amountMinor, unit)));
    },
  };
}
