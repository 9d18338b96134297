import { given } from '../entry.ts';
import { redactId } from '../redact.ts';
import { amountText } from '../../money/amount-text.ts';
import type { ReferralEntry, ReferralEntryKind } from './entry.ts';
import type { PaymentChangeFact, PaymentFact, ReferralStoryFacts } from './facts.ts';

const TOLD: Readonly<Record<string, { kind: ReferralEntryKind; title: string }>> = {
  signed_up: { kind: 'signed_up', title: 'The referee signed up.' },
  first_value: { kind: 'first_value', title: 'The referee reached first value.' },
  plan_upgraded: { kind: 'plan_upgraded', title: 'The referee took a larger plan.' },
};

/** What the app told: sign-up, first value, payments and what became of them. */
export function happenedEntries({ events, payments, changes }: ReferralStoryFacts): ReferralEntry[] {
  return [
    ...events.flatMap(({ eventId, type, occurredAt, receivedAt }): ReferralEntry[] => {
      const told = TOLD[type];
      if (told === undefined) return [];
      return [{
        at: occurredAt, ...told, rule: receivedAt < occurredAt + LATE_MS ? 'The app told it.' : 'The app told it later; it counts by its own time.',
        inputs: given({ eventId: redactId(eventId), receivedAt }), actor: 'app', source: { kind: 'event', id: redactId(eventId) },
      }];
    }),
    ...payments.map(paid),
    ...changes.map((change) => changed(change, payments.find(({ id }) => id === change.paymentId))),
  ];
}

/** Told within a minute is told at once. */
const LATE_MS = 60_000;

function paid({ id, amountMinor, currency, product, paidAt, eventId }: PaymentFact): ReferralEntry {
  return {
    at: paidAt, kind: 'paid', title: `The referee paid ${amountText(amountMinor, currency)}.`, rule: 'One payment is one conversion, whatever and however often it was reported.',
    inputs: given({ paymentId: id, amountMinor, currency, product }), actor: 'app', source: { kind: 'payment', id: eventId === null ? id : redactId(eventId) },
  };
}

function changed({ eventId, paymentId, kind, amountMinor, disputeId, refundId, at }: PaymentChangeFact, payment: PaymentFact | undefined): ReferralEntry {
  const amount = amountMinor === null || payment === undefined ? 'all of it' : amountText(amountMinor, payment.currency);
  const base = { at, inputs: given({ paymentId, amountMinor, disputeId: disputeId === null ? null : redactId(disputeId), refundId: refundId === null ? null : redactId(refundId) }), actor: 'app', source: { kind: 'event' as const, id: redactId(eventId) } };
  switch (kind) {
    case 'refunded': return { ...base, kind: 'refunded', title: `Refunded so far: ${amount}.`, rule: 'A refund is told as all that was given back; it is set, never added.' };
    case 'refund_failed': return { ...base, kind: 'refund_failed', title: `A refund failed: ${amount} was not given back.`, rule: 'A refund that fails is taken off what was given back, once, however often it is told.' };
    case 'dispute_opened': return { ...base, kind: 'disputed', title: `The payment is disputed (${amount}).`, rule: 'While a dispute is open nothing of it is given out.' };
    case 'dispute_won': return { ...base, kind: 'dispute_ended', title: 'The dispute was won.', rule: 'What waited for it goes on.' };
    case 'dispute_lost': return { ...base, kind: 'dispute_ended', title: `The dispute was lost (${amount}).`, rule: 'A lost dispute takes back like a refund.' };
  }
}
