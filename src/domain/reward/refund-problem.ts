import { amountProblem } from '../money/amount.ts';
import type { Money } from '../money/money.ts';

/** Why a refund (cumulative) cannot be one of this payment, before it is taken in; null where it can. */
export function refundProblem(paid: Money, refunded: Money): { reason: 'invalid_amount' | 'mixed_currencies' | 'refund_above_payment'; detail: string } | null {
  const problem = amountProblem(refunded.amountMinor, 0);
  if (problem !== null) return { reason: 'invalid_amount', detail: `refundedMinor: ${problem}` };
  if (paid.currency !== refunded.currency) {
    return { reason: 'mixed_currencies', detail: `currency: the payment was in ${paid.currency}, the refund is in ${refunded.currency}; amounts are never converted` };
  }
  return refunded.amountMinor <= paid.amountMinor
    ? null
    : { reason: 'refund_above_payment', detail: `refundedMinor: is ${String(refunded.amountMinor)}; ${String(paid.amountMinor)} was paid (give what was refunded in all, not each refund)` };
}
