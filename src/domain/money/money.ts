import { amountProblem } from './amount.ts';
import { isCurrency } from './currencies.ts';

/** So many minor units of a currency: 1234 EUR are 12.34 euros, 1234 JPY are 1,234 yen. */
export type Money = { readonly amountMinor: number; readonly currency: string };

export type ReadMoney =
  | { readonly outcome: 'money'; readonly money: Money }
  | { readonly outcome: 'refused'; readonly reason: 'invalid_amount' | 'currency_not_supported'; readonly detail: string };

/**
 * Reads an amount in minor units and a currency as somebody sent them. Codes are read in any case. Refused: fractions,
 * texts, less than `leastMinor` (1: nobody pays nothing), more than 2^53 - 1, a currency that is not listed.
 */
export function readMoney(amountMinor: unknown, currency: unknown, leastMinor = 1): ReadMoney {
  const code = typeof currency === 'string' ? currency.toUpperCase() : '';
  if (!isCurrency(code)) {
    const named = typeof currency === 'string' ? JSON.stringify(currency.slice(0, 20)) : 'what was given';
    return { outcome: 'refused', reason: 'currency_not_supported', detail: `currency: ${named} is no currency we keep books in; give an ISO 4217 code such as EUR` };
  }
  const problem = amountProblem(amountMinor, leastMinor);
  if (problem !== null || typeof amountMinor !== 'number') {
    return { outcome: 'refused', reason: 'invalid_amount', detail: `amountMinor: ${problem ?? 'must be a number'}` };
  }
  return { outcome: 'money', money: { amountMinor, currency: code } };
}
