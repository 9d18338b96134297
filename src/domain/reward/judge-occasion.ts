import { isCurrency } from '../money/currencies.ts';
import { percentOf } from '../money/percent.ts';
import type { Quantity } from '../money/unit.ts';
import type { Occasion } from './occasions.ts';
import type { Course, Payment } from './read-course.ts';
import type { RewardReason } from './reward-reasons.ts';
import type { Give, RewardConditions, RewardRule } from './reward-terms.ts';

const DAY_MS = 86_400_000;

export type Judged =
  | { readonly outcome: 'earned'; readonly quantity: Quantity }
  | { readonly outcome: 'refused'; readonly reason: RewardReason; readonly detail: string };

/** What one occasion earns by a rule, or the first reason why not: its time, its currency, the rule's conditions, what is left of the payment. */
export function judgeOccasion(rule: RewardRule, occasion: Occasion, signedUp: NonNullable<Course['signedUp']>): Judged {
  const { payment } = occasion;
  if (outsideTime(rule, occasion.at, signedUp.at)) return refused('window_over', 'It happened outside the time in which the rule counts.');
  if (occasion.again) return refused('duplicate', 'This month of the recurring reward was rewarded by an earlier payment.');
  if (payment !== null && !isCurrency(payment.currency)) return refused('currency_not_supported', `${payment.currency} is no currency we keep books in.`);
  const unmet = unmetCondition(rule.when ?? {}, payment, payment?.country ?? signedUp.country);
  if (unmet !== null) return refused('not_eligible', unmet);
  return worth(rule.give, payment);
}

function outsideTime({ withinDays, validFrom, validUntil }: RewardRule, at: number, signedUpAt: number): boolean {
  return (withinDays !== undefined && at >= signedUpAt + withinDays * DAY_MS)
    || (validFrom !== undefined && at < validFrom)
    || (validUntil !== undefined && at >= validUntil);
}

function unmetCondition({ countries, products, amount }: RewardConditions, payment: Payment | null, country: string | null): string | null {
  if (countries !== undefined && (country === null || !countries.includes(country))) return `The country ${country ?? '(not known)'} is not one of ${countries.join(', ')}.`;
  if (products !== undefined && (payment === null || payment.product === null || !products.includes(payment.product))) return 'The product is not one that the rule rewards.';
  if (amount === undefined) return null;
  if (payment === null) return 'There is no payment.';
  if (payment.currency !== amount.currency) return `The payment is in ${payment.currency}, the rule counts ${amount.currency}.`;
  if (payment.keptMinor < amount.minMinor) return `What is left of the payment (${String(payment.keptMinor)} minor units) is below ${String(amount.minMinor)}.`;
  return amount.maxMinor !== undefined && payment.paidMinor > amount.maxMinor ? `The payment is above ${String(amount.maxMinor)} minor units.` : null;
}

function worth(give: Give, payment: Payment | null): Judged {
  if (payment !== null && payment.keptMinor === 0) return refused('not_eligible', 'Nothing is left of the payment.');
  if (give.kind === 'fixed') return { outcome: 'earned', quantity: { unit: give.unit, amountMinor: give.amountMinor } };
  if (payment === null) return refused('not_eligible', 'A percentage needs a payment.');
  if (give.most !== undefined && give.most.currency !== payment.currency) return refused('not_eligible', `The payment is in ${payment.currency}, the most that is given in ${give.most.currency}.`);
  const amountMinor = Math.min(percentOf(payment.keptMinor, give.basisPoints), give.most?.amountMinor ?? Number.MAX_SAFE_INTEGER);
  return amountMinor === 0
    ? refused('not_eligible', 'The percentage of what is left of the payment is less than one minor unit.')
    : { outcome: 'earned', quantity: { unit: payment.currency, amountMinor } };
}

function refused(reason: RewardReason, detail: string): Judged {
  return { outcome: 'refused', reason, detail };
}
