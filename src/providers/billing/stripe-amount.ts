import { isAmount } from '../../domain/money/amount.ts';
import { CURRENCY_EXPONENTS } from '../../domain/money/currencies.ts';
import type { Money } from '../../domain/money/money.ts';

/**
 * Where Stripe counts otherwise than ISO 4217, its number of decimals (https://docs.stripe.com/currencies, "zero-decimal" and
 * "special cases"): ariary whole (ISO: two decimals, unused), króna and Ugandan shilling in hundredths that are always 00, as they
 * were before they lost their decimals. HUF and TWD are special in Stripe's payouts only; its other zero-decimal and
 * three-decimal currencies are ISO's.
 */
const STRIPE_DECIMALS: Readonly<Record<string, number>> = { MGA: 0, ISK: 2, UGX: 2 };

export type StripeMoney = { readonly outcome: 'money'; readonly money: Money } | { readonly outcome: 'refused'; readonly reason: 'currency_not_supported' | 'invalid_amount' };

/**
 * An amount as Stripe writes it (its smallest unit, code in small letters) in ISO minor units. Refused: a currency we keep no
 * books in, fractions, less than nothing, what would not be whole (a hundredth of a króna), what is too large to count.
 */
export function readStripeAmount(amount: number, currency: string): StripeMoney {
  const code = currency.toUpperCase();
  const exponent = CURRENCY_EXPONENTS.get(code);
  if (exponent === undefined) return { outcome: 'refused', reason: 'currency_not_supported' };
  const more = exponent - (STRIPE_DECIMALS[code] ?? exponent);
  const amountMinor = more >= 0 ? amount * 10 ** more : amount / 10 ** -more;
  return isAmount(amount, 0) && isAmount(amountMinor, 0) ? { outcome: 'money', money: { amountMinor, currency: code } } : { outcome: 'refused', reason: 'invalid_amount' };
}
