import type { EventDetail, ReferralEvent } from '../event/event-detail.ts';
import { readEventDetail, type ToldDetail } from '../event/read-event-detail.ts';
import type { RewardFact } from '../reward/facts.ts';
import { refundProblem } from '../reward/refund-problem.ts';

/** One event of an invented course, as an app would send it. `occurredAt` in epoch ms. */
export type InventedEvent = ToldDetail & { readonly type: ReferralEvent; readonly occurredAt: number };

export type InventedFacts =
  | { readonly outcome: 'facts'; readonly facts: readonly RewardFact[] }
  /** Each with the place of its event. */
  | { readonly outcome: 'refused'; readonly problems: readonly { readonly place: number; readonly message: string }[] };

type Paid = { readonly name: string; readonly amountMinor: number; readonly currency: string };

/**
 * Reads invented events as the real ones are read, and refuses what would be refused there: fields that a type does not take,
 * unusable amounts and currencies, a refund above its payment. Beyond that: a refund or dispute of a payment that is not in
 * the course, and one payment told twice, for in an invented course they are slips of the pen.
 */
export function inventedFacts(events: readonly InventedEvent[]): InventedFacts {
  const problems: { place: number; message: string }[] = [];
  const payments = new Map<string, Paid>();
  const details = events.map(({ type, occurredAt: _at, ...told }, place) => {
    const read = readEventDetail(type, told);
    if (read.outcome === 'refused') {
      problems.push({ place, message: read.detail });
      return {};
    }
    const { paymentNames = [], amountMinor, currency } = read.detail ?? {};
    const [name] = paymentNames;
    if (type === 'converted' && name !== undefined && amountMinor !== undefined && currency !== undefined) {
      if (paymentNames.some((other) => payments.has(other))) problems.push({ place, message: 'orderId: this payment is in the course already' });
      for (const each of paymentNames) payments.set(each, { name, amountMinor, currency });
    }
    return read.detail ?? {};
  });
  const facts = events.flatMap(({ type, occurredAt: at }, place): RewardFact[] => {
    const detail = details[place] ?? {};
    const id = `event-${String(place)}`;
    switch (type) {
      case 'signed_up': return [{ kind: type, id, at, country: detail.country }];
      case 'first_value': return [{ kind: type, id, at }];
      case 'plan_upgraded': return detail.plan === undefined ? [] : [{ kind: type, id, at, plan: detail.plan }];
      case 'converted': {
        const { paymentNames: [conversionId] = [], amountMinor, currency, product, country } = detail;
        return conversionId === undefined || amountMinor === undefined || currency === undefined ? [] : [{ kind: type, id, at, conversionId, amountMinor, currency, product, country }];
      }
      case 'refunded':
      case 'refund_failed':
      case 'dispute_opened':
      case 'dispute_won':
      case 'dispute_lost': {
        const { paymentNames: [name] = [], refundedMinor, failedMinor, refundId, amountMinor, disputeId } = detail;
        if (name === undefined) return []; // refused above
        const paid = payments.get(name);
        const problem = paid === undefined ? 'orderId: no payment of the course has this id' : changeProblem(paid, amountOf(type, detail), detail.currency);
        if (paid === undefined || problem !== null) {
          problems.push({ place, message: problem ?? '' });
          return [];
        }
        if (type === 'refunded') return [{ kind: type, id, at, conversionId: paid.name, refundedMinor: refundedMinor ?? paid.amountMinor }];
        if (type === 'refund_failed') return refundId === undefined || failedMinor === undefined ? [] : [{ kind: type, id, at, conversionId: paid.name, refundId, failedMinor }];
        return disputeId === undefined ? [] : [{ kind: type, id, at, conversionId: paid.name, disputeId, amountMinor }];
      }
    }
  });
  return problems.length > 0 ? { outcome: 'refused', problems: problems.toSorted((a, b) => a.place - b.place) } : { outcome: 'facts', facts };
}

function amountOf(type: 'refunded' | 'refund_failed' | `dispute_${string}`, { refundedMinor, failedMinor, amountMinor }: EventDetail): number | undefined {
  switch (type) {
    case 'refunded': return refundedMinor;
    case 'refund_failed': return failedMinor;
    default: return amountMinor;
  }
}

function changeProblem(paid: Paid, amountMinor: number | undefined, currency: string | undefined): string | null {
  return refundProblem({ amountMinor: paid.amountMinor, currency: paid.currency }, { amountMinor: amountMinor ?? paid.amountMinor, currency: currency ?? paid.currency })?.detail ?? null;
}
