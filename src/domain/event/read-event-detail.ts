import { readPlace } from '../law/known-places.ts';
import { amountProblem } from '../money/amount.ts';
import { isCurrency } from '../money/currencies.ts';
import { readMoney } from '../money/money.ts';
import { isReferralEvent, type EventDetail, type ReferralEvent } from './event-detail.ts';

/** What an app sends with a fact, of the right shapes. `orderId` is the app's own name of the payment. */
export type ToldDetail = Omit<EventDetail, 'paymentNames'> & { readonly orderId?: string | undefined; readonly paymentNames?: readonly string[] | undefined };

export const DETAIL_REFUSALS = ['field_not_expected', 'order_required', 'refund_id_required', 'invalid_amount', 'currency_not_supported', 'invalid_country', 'dispute_id_required', 'plan_required'] as const;
export type DetailRefusal = (typeof DETAIL_REFUSALS)[number];
export type ReadDetail = { readonly outcome: 'detail'; readonly detail: EventDetail | null } | { readonly outcome: 'refused'; readonly reason: DetailRefusal; readonly detail: string };

type Field = keyof ToldDetail;
const NAMES: readonly Field[] = ['orderId', 'paymentNames'];
const DISPUTE: readonly Field[] = [...NAMES, 'disputeId', 'amountMinor', 'currency'];

/** What may be said with which fact. */
const FIELDS: Readonly<Record<ReferralEvent, readonly Field[]>> = {
  signed_up: ['country', 'guestToken'],
  first_value: [],
  plan_upgraded: ['plan'],
  converted: [...NAMES, 'amountMinor', 'currency', 'product', 'country', 'paymentFingerprint'],
  refunded: [...NAMES, 'refundedMinor', 'currency'],
  refund_failed: [...NAMES, 'refundId', 'failedMinor', 'currency'],
  dispute_opened: DISPUTE,
  dispute_won: DISPUTE,
  dispute_lost: DISPUTE,
};

/**
 * Judges what a fact of this type says beyond its properties. Refused, each with words to act on: fields that the type does not
 * take, a payment without a name, an amount that is no whole number of minor units from 0 to 2^53 - 1, a currency we keep
 * no books in, a country that is none, a dispute without its id, an upgrade without its plan. Codes are read in any case.
 */
export function readEventDetail(type: string, told: ToldDetail): ReadDetail {
  const allowed = isReferralEvent(type) ? FIELDS[type] : [];
  const [strange] = fieldsIn(told).filter((field) => !allowed.includes(field));
  if (strange !== undefined) return refused('field_not_expected', `${strange}: a fact of this type has no such field; what is your own goes into properties`);
  if (!isReferralEvent(type)) return { outcome: 'detail', detail: null };
  const wrong = lacking(type, told) ?? wrongMoney(type, told) ?? wrongCountry(told);
  if (wrong !== null) return wrong;
  return { outcome: 'detail', detail: fieldsIn(told).length === 0 ? null : detailOf(told) };
}

/** Field by field: what was sent beside them is no detail. */
function detailOf({ orderId, paymentNames = [], amountMinor, refundedMinor, failedMinor, refundId, currency, product, country, disputeId, plan, guestToken, paymentFingerprint }: ToldDetail): EventDetail {
  const names = [...new Set([...(orderId === undefined ? [] : [orderId]), ...paymentNames])];
  const fields: EventDetail = {
    paymentNames: names.length === 0 ? undefined : names, amountMinor, refundedMinor, failedMinor, refundId, currency: currency?.toUpperCase(), product, country: country?.toUpperCase(),
    disputeId, plan, guestToken, paymentFingerprint,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function fieldsIn(told: ToldDetail): Field[] {
  return ALL_FIELDS.filter((field) => told[field] !== undefined);
}

const ALL_FIELDS: readonly Field[] = ['orderId', 'paymentNames', 'amountMinor', 'refundedMinor', 'refundedBeforeMinor', 'failedMinor', 'refundId', 'currency', 'product', 'country', 'disputeId', 'plan', 'guestToken', 'paymentFingerprint'];

function lacking(type: ReferralEvent, { orderId, paymentNames = [], refundId, disputeId, plan }: ToldDetail): ReadDetail | null {
  if (type === 'plan_upgraded') return plan === undefined ? refused('plan_required', 'plan: say to which plan') : null;
  if (!FIELDS[type].includes('orderId')) return null;
  if (orderId === undefined && paymentNames.length === 0) return refused('order_required', 'orderId: name the payment by your order\'s id, or by paymentNames');
  if (type === 'refund_failed' && refundId === undefined) return refused('refund_id_required', 'refundId: say which refund failed; it counts once, however often it is told');
  return FIELDS[type].includes('disputeId') && disputeId === undefined ? refused('dispute_id_required', 'disputeId: one payment may have several disputes; say which') : null;
}

function wrongMoney(type: ReferralEvent, { amountMinor, refundedMinor, failedMinor, currency }: ToldDetail): ReadDetail | null {
  if (type === 'converted') {
    const money = readMoney(amountMinor, currency, 0);
    return money.outcome === 'refused' ? refused(money.reason, money.detail) : null;
  }
  if (type === 'refund_failed' && failedMinor === undefined) return refused('invalid_amount', 'failedMinor: say how much of what was given back failed');
  const amounts = { amountMinor, refundedMinor, failedMinor };
  for (const [field, amount] of Object.entries(amounts)) {
    const problem = amount === undefined ? null : amountProblem(amount, 0);
    if (problem !== null) return refused('invalid_amount', `${field}: ${problem}`);
  }
  if (currency === undefined || isCurrency(currency.toUpperCase())) return null;
  return refused('currency_not_supported', `currency: ${JSON.stringify(currency.slice(0, 20))} is no currency we keep books in; give an ISO 4217 code such as EUR`);
}

function wrongCountry({ country }: ToldDetail): ReadDetail | null {
  if (country === undefined || (country.length === 2 && readPlace(country.toUpperCase()) !== null)) return null;
  return refused('invalid_country', 'country: give an ISO 3166 code of two letters such as FR');
}

function refused(reason: DetailRefusal, detail: string): ReadDetail {
  return { outcome: 'refused', reason, detail };
}
