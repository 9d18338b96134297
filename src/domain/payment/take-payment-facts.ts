import type { MemberId, PaymentId } from '../ids.ts';
import { refundProblem } from '../reward/refund-problem.ts';
import { eventIdOf, joinConversions, smaller, type Payment, type PaymentChange, type PaymentFact } from './payment.ts';

export type PaymentRefusal = { readonly reason: 'invalid_amount' | 'mixed_currencies' | 'refund_above_payment'; readonly detail: string };

/** Payments that facts may be about, and by which names. */
export type KnownPayments = { readonly payments: readonly Payment[]; readonly names: ReadonlyMap<string, PaymentId> };

export type TakenPayments = {
  /** As they are now: made, changed, or merely spoken of. */
  readonly payments: readonly Payment[];
  readonly made: ReadonlySet<PaymentId>;
  /** Names that are new or mean another payment now. */
  readonly names: ReadonlyMap<string, PaymentId>;
  /** Payments that turned out to be another's alias, and whose. */
  readonly merged: ReadonlyMap<PaymentId, PaymentId>;
  readonly changes: readonly { readonly paymentId: PaymentId; readonly change: PaymentChange }[];
  /** Who paid what changed, before and after. */
  readonly payers: ReadonlySet<MemberId>;
  readonly refused: ReadonlyMap<string, PaymentRefusal>;
};

/**
 * Puts facts about payments where they belong. Names told together are one payment; where they name two that were known apart, these
 * become one, under the id of the older (of one that was paid, where only one was). Refunds and disputes may come first and wait for their payment. Refused, and without
 * effect: an amount in another currency than the payment's, and a refund of more than was paid, as far as that is known. A dispute in another
 * currency is of the whole payment; where it comes first, its reader finds that out.
 * `makeId` gives an id to each new payment; the order of the facts changes no outcome but which id a payment has. Pure.
 */
export function takePaymentFacts(known: KnownPayments, facts: readonly PaymentFact[], by: { now: number; makeId: () => PaymentId }): TakenPayments {
  const payments = new Map(known.payments.map((payment) => [payment.id, payment]));
  const names = new Map(known.names);
  const made = new Set<PaymentId>();
  const merged = new Map<PaymentId, PaymentId>();
  const spokenOf = new Set<PaymentId>();
  const payers = new Set<MemberId>();
  const changes: { eventId: string; name: string; change: PaymentChange }[] = [];
  const refused = new Map<string, PaymentRefusal>();
  for (const fact of facts.toSorted(conversionsFirst)) {
    const named = [...new Set(fact.names.flatMap((name) => names.get(name) ?? []))].flatMap((id) => payments.get(id) ?? []).toSorted(olderFirst(made));
    const [name] = fact.names;
    if (name === undefined) throw new Error('a payment without a name');
    const refusal = problemOf(fact, named);
    if (refusal !== null) {
      refused.set(eventIdOf(fact), refusal);
      continue;
    }
    const payment = named[0] ?? { id: by.makeId(), createdAt: by.now, conversion: null, fingerprint: null };
    if (named.length === 0) made.add(payment.id);
    for (const other of named.slice(1)) {
      merged.set(other.id, payment.id);
      for (const [alias, id] of names) if (id === other.id) names.set(alias, payment.id);
    }
    for (const alias of fact.names) names.set(alias, payment.id);
    const told = fact.kind === 'converted' ? fact.conversion : null;
    const conversion = named.reduce((joined, one) => joinConversions(joined, one.conversion), told);
    const fingerprint = named.reduce((joined, one) => smaller(joined, one.fingerprint), fact.fingerprint);
    payments.set(payment.id, { ...payment, conversion, fingerprint });
    spokenOf.add(payment.id);
    for (const one of [...named.map((before) => before.conversion), conversion]) if (one !== null) payers.add(one.memberId);
    if (fact.kind === 'changed') changes.push({ eventId: fact.change.eventId, name, change: inCurrencyOf(conversion, fact.change) });
  }
  return {
    payments: [...payments.values()].filter(({ id }) => spokenOf.has(id) && !merged.has(id)),
    made: new Set([...made].filter((id) => !merged.has(id))),
    names: new Map([...names].filter(([name, id]) => known.names.get(name) !== id)),
    merged: new Map([...merged].filter(([from]) => !made.has(from)).map(([from]) => [from, endOf(from, merged)])),
    changes: changes.flatMap(({ name, change }) => {
      const paymentId = names.get(name);
      return paymentId === undefined ? [] : [{ paymentId, change }];
    }),
    payers,
    refused,
  };
}

function problemOf(fact: PaymentFact, named: readonly Payment[]): PaymentRefusal | null {
  const paid = named.flatMap(({ conversion }) => conversion ?? []);
  const [first] = paid;
  if (first === undefined) return null;
  const other = paid.find(({ currency }) => currency !== first.currency);
  if (other !== undefined) {
    return { reason: 'mixed_currencies', detail: `orderId: the names given together stand for payments in ${first.currency} and in ${other.currency}; one payment has one currency` };
  }
  if (fact.kind === 'converted') {
    const { currency } = fact.conversion;
    return currency === first.currency ? null : { reason: 'mixed_currencies', detail: `currency: this payment was reported in ${first.currency} before, now in ${currency}; amounts are never converted` };
  }
  const { kind, amountMinor, currency, beforeMinor } = fact.change;
  // However much failed, no more is given back than was: its amount contradicts nothing.
  if (kind === 'refund_failed') return refundProblem(first, { amountMinor: 0, currency: currency ?? first.currency });
  // A count that says from where it goes on may have in it what failed and was given back again: this one refund is judged.
  if (kind === 'refunded') return refundProblem(first, { amountMinor: Math.max(0, (amountMinor ?? first.amountMinor) - (beforeMinor ?? 0)), currency: currency ?? first.currency });
  return null;
}

/** A card's bank disputes in its own currency: how much of the payment that is, nobody can say, so it is all of it. */
function inCurrencyOf(conversion: Payment['conversion'], change: PaymentChange): PaymentChange {
  const isOther = change.disputeId !== null && conversion !== null && change.currency !== null && change.currency !== conversion.currency;
  return isOther ? { ...change, amountMinor: null, currency: null } : change;
}

/**
 * One that was there before wins over one that is just being made; then one that was paid, since rewards were given, or refused for good,
 * under its id; then the one made first.
 */
function olderFirst(made: ReadonlySet<PaymentId>): (a: Payment, b: Payment) => number {
  return (a, b) => Number(made.has(a.id)) - Number(made.has(b.id)) || Number(a.conversion === null) - Number(b.conversion === null) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** What is told at once is judged by all of it: what was paid before what was given back. */
function conversionsFirst(a: PaymentFact, b: PaymentFact): number {
  return Number(a.kind === 'changed') - Number(b.kind === 'changed') || (eventIdOf(a) < eventIdOf(b) ? -1 : 1);
}

function endOf(id: PaymentId, merged: ReadonlyMap<PaymentId, PaymentId>): PaymentId {
  const next = merged.get(id);
  return next === undefined ? id : endOf(next, merged);
}
