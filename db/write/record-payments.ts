import type { Keyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId, PaymentId, TenantId } from '../../src/domain/ids.ts';
import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import { eventIdOf, type Payment, type PaymentFact } from '../../src/domain/payment/payment.ts';
import { takePaymentFacts, type PaymentRefusal, type TakenPayments } from '../../src/domain/payment/take-payment-facts.ts';
import type { Tx } from '../client.ts';
import { lockMembers } from './lock-people.ts';
import { lockPayments } from './lock-payments.ts';
import { holdReferralGraph } from './lock-referral-graph.ts';
import { mayBeHeard } from './runs/tell-happenings.ts';
import { knownEventIds, writeNewEvents } from './write-events.ts';
import type { EventFact, EventRow } from './write-events.ts';
import { writePayments } from './write-payments.ts';

export type RecordedPayments = {
  stored: ReadonlySet<string>;
  refused: ReadonlyMap<string, PaymentRefusal>;
  /** Whose payments changed. */
  payers: ReadonlySet<MemberId>;
  /** Those of them of whom a means of payment is known by it. */
  payersByMeans: ReadonlySet<MemberId>;
  /** By the fact's eventId: who paid what it gives back or disputes; left out: nobody yet, as far as is known. */
  payerOf: ReadonlyMap<string, MemberId>;
  /** Lives there a run that might hear of them? */
  isHeard: boolean;
  /** If so: what was given back or disputed before anybody knew who had paid it, which these facts have told. What was told before may be among it. */
  waited: readonly EventRow[];
};

/** Is it told of a payment? A conversion of nothing (a trial's invoice) is a fact, but no payment. */
export function isAboutAPayment({ type, detail }: EventFact): boolean {
  switch (type) {
    case 'converted': return detail?.amountMinor !== 0;
    case 'refunded':
    case 'refund_failed':
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost': return true;
    default: return false;
  }
}

/**
 * Stores facts about payments together with the payments they change. All who name one of these payments wait for each other, so each
 * fact is judged by what was there before it. `locking`: the members that are locked, or just being; what this asks is sent behind it.
 * What is written is sent and not waited for.
 */
export async function recordPayments(
  tx: Tx, keyring: Keyring, { tenantId, rows, locking, now }: { tenantId: TenantId; rows: readonly EventRow[]; locking: Promise<ReadonlySet<MemberId>>; now: number },
): Promise<RecordedPayments> {
  if (rows.length === 0) return { stored: new Set(), refused: new Map(), payers: new Set(), payersByMeans: new Set(), payerOf: new Map(), isHeard: false, waited: [] };
  const factsOf = new Map(rows.map((row) => [row.fact.eventId, paymentFact(keyring, tenantId, row)]));
  const means = [...factsOf.values()].flatMap(({ fingerprint }) => fingerprint ?? []);
  // Asked behind the locks: whoever stored one of them first has committed by then.
  const [locked, , known, before, isHeard] = await Promise.all([
    locking,
    means.length > 0 ? holdReferralGraph(tx, tenantId) : null,
    lockPayments(tx, tenantId, [...factsOf.values()].flatMap(({ names }) => names), means),
    knownEventIds(tx, tenantId, [...factsOf.keys()]),
    mayBeHeard(tx, tenantId),
  ]);
  const late = known.payments.flatMap(({ conversion }) => (conversion === null || locked.has(conversion.memberId) ? [] : [conversion.memberId]));
  // Another fact made it this member's payment just now.
  await lockMembers(tx, late);
  const fresh = [...factsOf.values()].filter((fact) => !before.has(eventIdOf(fact)));
  const judged = takePaymentFacts(known, fresh, { now, makeId: () => newId('pay', now) });
  const stored = new Set(fresh.map(eventIdOf).filter((eventId) => !judged.refused.has(eventId)));
  writeNewEvents(tx, tenantId, rows.filter(({ fact }) => stored.has(fact.eventId)), now);
  writePayments(tx, tenantId, judged, now);
  const payersByMeans = new Set(judged.payments.flatMap(({ conversion, fingerprint }) => (conversion === null || fingerprint === null ? [] : [conversion.memberId])));
  return { stored, refused: judged.refused, payers: judged.payers, payersByMeans, payerOf: payersOf(judged), isHeard, waited: isHeard ? await changesThatWaited(tx, tenantId, known.payments, judged) : [] };
}

/** Nothing is asked where each payment was known to be somebody's, or is nobody's still. */
async function changesThatWaited({ sql }: Tx, tenantId: TenantId, before: readonly Payment[], { payments, merged }: TakenPayments): Promise<EventRow[]> {
  const unpaid = new Set(before.flatMap(({ id, conversion }) => (conversion === null ? [merged.get(id) ?? id] : [])));
  const payerOf = new Map(payments.flatMap(({ id, conversion }): [PaymentId, MemberId][] => (conversion === null || !unpaid.has(id) ? [] : [[id, conversion.memberId]])));
  if (payerOf.size === 0) return [];
  const rows = await sql<{ paymentId: PaymentId; eventId: string; type: string; occurredAt: number; properties: EventFact['properties']; detail: EventDetail | null }[]>`
    select c.payment_id as "paymentId", e.event_id as "eventId", e.type, e.occurred_at as "occurredAt", e.properties, e.detail
    from payment_changes c cross join lateral (select * from events where tenant_id = ${tenantId} and event_id = c.event_id limit 1) e
    where c.tenant_id = ${tenantId} and c.payment_id = any(${[...payerOf.keys()]}::text[])`;
  return rows.map(({ paymentId, ...told }) => ({ fact: { ...told, externalId: null, clickId: null, code: null }, trail: { click: null, link: null }, memberId: payerOf.get(paymentId) ?? null, touchId: null }));
}

function payersOf({ payments, changes }: TakenPayments): Map<string, MemberId> {
  const paid = new Map(payments.flatMap(({ id, conversion }): [PaymentId, MemberId][] => (conversion === null ? [] : [[id, conversion.memberId]])));
  return new Map(changes.flatMap(({ paymentId, change }): [string, MemberId][] => {
    const payer = paid.get(paymentId);
    return payer === undefined ? [] : [[change.eventId, payer]];
  }));
}

/** Throws where the fact is not of the shape that `readEventDetail` gives. */
function paymentFact(keyring: Keyring, tenantId: TenantId, { fact, memberId }: EventRow): PaymentFact {
  const { eventId, type, occurredAt: at, detail } = fact;
  const names = detail?.paymentNames ?? [];
  if (detail === null || names.length === 0) throw new Error(`a fact about a payment names none: ${type}`);
  const { amountMinor, currency, paymentFingerprint: means } = detail;
  const of = { names, fingerprint: means === undefined ? null : keyring.hashPaymentMeans(tenantId, means).toString('hex') };
  const said = { eventId, at, currency: currency ?? null, disputeId: null, refundId: null, beforeMinor: null };
  switch (type) {
    case 'converted':
      if (memberId === null || amountMinor === undefined || currency === undefined) throw new Error('a conversion lacks its member, amount or currency');
      return { ...of, kind: 'converted', conversion: { eventId, memberId, at, amountMinor, currency, product: detail.product ?? null, country: detail.country ?? null } };
    case 'refunded':
      return { ...of, kind: 'changed', change: { ...said, kind: type, amountMinor: detail.refundedMinor ?? null, beforeMinor: detail.refundedBeforeMinor ?? null } };
    case 'refund_failed':
      if (detail.refundId === undefined || detail.failedMinor === undefined) throw new Error('a refund that failed lacks its id or its amount');
      return { ...of, kind: 'changed', change: { ...said, kind: type, amountMinor: detail.failedMinor, refundId: detail.refundId } };
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost':
      if (detail.disputeId === undefined) throw new Error('a dispute lacks its id');
      return { ...of, kind: 'changed', change: { ...said, kind: type, amountMinor: amountMinor ?? null, disputeId: detail.disputeId } };
    default: throw new Error(`no fact about a payment: ${type}`);
  }
}
