import type { Keyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { eventIdOf, type PaymentFact } from '../../src/domain/payment/payment.ts';
import { takePaymentFacts, type PaymentRefusal } from '../../src/domain/payment/take-payment-facts.ts';
import type { Tx } from '../client.ts';
import { lockMembers } from './lock-people.ts';
import { lockPayments } from './lock-payments.ts';
import { holdReferralGraph } from './lock-referral-graph.ts';
import { knownEventIds, writeEvents } from './write-events.ts';
import type { EventFact, EventRow } from './write-events.ts';
import { writePayments } from './write-payments.ts';

export type RecordedPayments = { stored: ReadonlySet<string>; refused: ReadonlyMap<string, PaymentRefusal>; /** Whose payments changed. */ payers: ReadonlySet<MemberId> };

/** Is it told of a payment? A conversion of nothing (a trial's invoice) is a fact, but no payment. */
export function isAboutAPayment({ type, detail }: EventFact): boolean {
  switch (type) {
    case 'converted': return detail?.amountMinor !== 0;
    case 'refunded':
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost': return true;
    default: return false;
  }
}

/**
 * Stores facts about payments together with the payments they change. All who name one of these payments wait for each other, so each
 * fact is judged by what was there before it. `locked`: members that are locked already.
 */
export async function recordPayments(
  tx: Tx, keyring: Keyring, { tenantId, rows, locked, now }: { tenantId: TenantId; rows: readonly EventRow[]; locked: ReadonlySet<MemberId>; now: number },
): Promise<RecordedPayments> {
  if (rows.length === 0) return { stored: new Set(), refused: new Map(), payers: new Set() };
  const factsOf = new Map(rows.map((row) => [row.fact.eventId, paymentFact(keyring, tenantId, row)]));
  const means = [...factsOf.values()].flatMap((fact) => (fact.kind === 'converted' ? fact.conversion.fingerprint ?? [] : []));
  if (means.length > 0) await holdReferralGraph(tx, tenantId);
  // Asked behind the locks: whoever stored one of them first has committed by then.
  const [known, before] = await Promise.all([lockPayments(tx, tenantId, [...factsOf.values()].flatMap(({ names }) => names), means), knownEventIds(tx, tenantId, [...factsOf.keys()])]);
  const late = known.payments.flatMap(({ conversion }) => (conversion === null || locked.has(conversion.memberId) ? [] : [conversion.memberId]));
  // Another fact made it this member's payment just now.
  await lockMembers(tx, late);
  const fresh = [...factsOf.values()].filter((fact) => !before.has(eventIdOf(fact)));
  const by = { now, makeId: () => newId('pay', now) };
  const judged = takePaymentFacts(known, fresh, by);
  const accepted = fresh.filter((fact) => !judged.refused.has(eventIdOf(fact)));
  const acceptedIds = new Set(accepted.map(eventIdOf));
  const stored = await writeEvents(tx, tenantId, rows.filter(({ fact }) => acceptedIds.has(fact.eventId)), now);
  // One that names other payments may have come under the same eventId at the same instant.
  const taken = stored.size === accepted.length ? judged : takePaymentFacts(known, accepted.filter((fact) => stored.has(eventIdOf(fact))), by);
  await writePayments(tx, tenantId, taken, now);
  return { stored, refused: judged.refused, payers: taken.payers };
}

/** Throws where the fact is not of the shape that `readEventDetail` gives. */
function paymentFact(keyring: Keyring, tenantId: TenantId, { fact, memberId }: EventRow): PaymentFact {
  const { eventId, type, occurredAt: at, detail } = fact;
  const names = detail?.paymentNames ?? [];
  if (detail === null || names.length === 0) throw new Error(`a fact about a payment names none: ${type}`);
  const { amountMinor, currency, paymentFingerprint: means } = detail;
  switch (type) {
    case 'converted': {
      if (memberId === null || amountMinor === undefined || currency === undefined) throw new Error('a conversion lacks its member, amount or currency');
      const fingerprint = means === undefined ? null : keyring.hashPaymentMeans(tenantId, means).toString('hex');
      return { names, kind: 'converted', conversion: { eventId, memberId, at, amountMinor, currency, product: detail.product ?? null, country: detail.country ?? null, fingerprint } };
    }
    case 'refunded':
      return { names, kind: 'changed', change: { eventId, kind: type, at, amountMinor: detail.refundedMinor ?? null, currency: currency ?? null, disputeId: null } };
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost':
      if (detail.disputeId === undefined) throw new Error('a dispute lacks its id');
      return { names, kind: 'changed', change: { eventId, kind: type, at, amountMinor: amountMinor ?? null, currency: currency ?? null, disputeId: detail.disputeId } };
    default: throw new Error(`no fact about a payment: ${type}`);
  }
}
