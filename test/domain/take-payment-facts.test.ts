import fc from 'fast-check';
import { asId, type PaymentId } from '../../src/domain/ids.ts';
import { eventIdOf, type PaymentFact } from '../../src/domain/payment/payment.ts';
import { takePaymentFacts, type KnownPayments } from '../../src/domain/payment/take-payment-facts.ts';
import { mbr } from './reward-sample.ts';

const pay = (n: number): PaymentId => asId('pay', `pay_${String(n).padStart(26, '0')}`);
const NOTHING: KnownPayments = { payments: [], names: new Map() };

/** Tells facts in groups, each group at once, and answers what is known in the end. */
function told(groups: readonly (readonly PaymentFact[])[]): { payments: unknown; refused: string[] } {
  let known = NOTHING;
  let next = 0;
  const changesOf = new Map<PaymentId, string[]>();
  const refused: string[] = [];
  for (const [now, facts] of groups.entries()) {
    const taken = takePaymentFacts(known, facts, { now, makeId: () => pay((next += 1)) });
    const payments = new Map([...known.payments, ...taken.payments].filter(({ id }) => !taken.merged.has(id)).map((payment) => [payment.id, payment]));
    known = { payments: [...payments.values()], names: new Map([...known.names, ...taken.names]) };
    for (const [from, into] of taken.merged) changesOf.set(into, [...changesOf.get(into) ?? [], ...changesOf.get(from) ?? []]);
    for (const { paymentId, change } of taken.changes) changesOf.set(paymentId, [...changesOf.get(paymentId) ?? [], change.eventId]);
    refused.push(...taken.refused.keys());
  }
  return {
    payments: known.payments.map(({ id, conversion, fingerprint }) => ({
      names: [...known.names].filter(([, owner]) => owner === id).map(([name]) => name).toSorted(), conversion, fingerprint, changes: (changesOf.get(id) ?? []).toSorted(),
    })).toSorted((a, b) => ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1)),
    refused,
  };
}

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 3 });
const text = fc.option(fc.constantFrom('x', 'y'), { nil: null });
const facts = fc.array(fc.tuple(names, fc.integer({ min: 0, max: 3 }), fc.boolean(), text, text), { minLength: 1, maxLength: 10 }).map((drawn) => drawn.map(([aliases, at, isPaid, product, fingerprint], n): PaymentFact => {
  const eventId = `e${String(n)}`;
  return isPaid
    ? { names: aliases, fingerprint, kind: 'converted', conversion: { eventId, memberId: mbr(n % 3), at, amountMinor: 100 + n, currency: 'EUR', product, country: null } }
    // Less than any payment here: whether a larger refund is refused depends on what is known when it is told.
    : { names: aliases, fingerprint, kind: 'changed', change: { eventId, kind: 'refunded', at, amountMinor: n, currency: null, disputeId: null, refundId: null, beforeMinor: null } };
}));

test('the order of telling, and what is told at once, change neither payments nor names nor what belongs to them', () => {
  fc.assert(fc.property(facts, fc.integer(), fc.integer({ min: 1, max: 4 }), (all, seed, size) => {
    const shuffled = all.toSorted((a, b) => mixed(eventIdOf(a), seed) - mixed(eventIdOf(b), seed));
    const groups = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, n) => shuffled.slice(n * size, (n + 1) * size));
    expect(told(groups)).toEqual(told([all]));
  }), { numRuns: 300 });
});

test('telling everything again changes nothing but what a change says twice', () => {
  fc.assert(fc.property(facts, (all) => {
    const conversions = all.filter(({ kind }) => kind === 'converted');
    expect(told([all, conversions])).toEqual(told([all]));
  }));
});

test('of two payments that turn out to be one the older keeps its id', () => {
  const conversion = { eventId: 'e', memberId: mbr(1), at: 5, amountMinor: 100, currency: 'EUR', product: null, country: null };
  const known: KnownPayments = {
    payments: [{ id: pay(1), createdAt: 2, conversion: null, fingerprint: null }, { id: pay(2), createdAt: 1, conversion, fingerprint: null }],
    names: new Map([['a', pay(1)], ['b', pay(2)]]),
  };
  const taken = takePaymentFacts(known, [{ names: ['a', 'b'], fingerprint: null, kind: 'changed', change: { eventId: 'r', kind: 'refunded', at: 6, amountMinor: 100, currency: null, disputeId: null, refundId: null, beforeMinor: null } }], { now: 3, makeId: () => pay(9) });
  expect([...taken.merged]).toEqual([[pay(1), pay(2)]]);
  expect([...taken.names]).toEqual([['a', pay(2)]]);
  expect(taken.payments).toEqual([{ id: pay(2), createdAt: 1, conversion, fingerprint: null }]);
});

test('a refused fact has no effect: no name, no merge, no change', () => {
  const of = (eventId: string, currency: string) => ({ eventId, memberId: mbr(1), at: 5, amountMinor: 100, currency, product: null, country: null });
  const known: KnownPayments = { payments: [{ id: pay(1), createdAt: 1, conversion: of('e', 'EUR'), fingerprint: null }], names: new Map([['a', pay(1)]]) };
  const taken = takePaymentFacts(known, [{ names: ['a', 'new'], fingerprint: null, kind: 'converted', conversion: of('f', 'USD') }], { now: 3, makeId: () => pay(9) });
  expect([...taken.refused.values()]).toMatchObject([{ reason: 'mixed_currencies' }]);
  expect({ ...taken, refused: null }).toEqual({ payments: [], made: new Set(), names: new Map(), merged: new Map(), changes: [], payers: new Set(), refused: null });
});

function mixed(eventId: string, seed: number): number {
  return Math.abs(Math.imul(Number(eventId.slice(1)) + 1, (seed | 1) * 2_654_435) % 1_009);
}

test('a refund that says from where its teller counts is judged by itself: what failed before may be given back once more', () => {
  const paid: PaymentFact = { names: ['a'], fingerprint: null, kind: 'converted', conversion: { eventId: 'p', memberId: mbr(1), at: 1, amountMinor: 100, currency: 'EUR', product: null, country: null } };
  const refund = (eventId: string, amountMinor: number, beforeMinor: number | null): PaymentFact => (
    { names: ['a'], fingerprint: null, kind: 'changed', change: { eventId, kind: 'refunded', at: 6, amountMinor, currency: null, disputeId: null, refundId: null, beforeMinor } });
  expect(told([[paid], [refund('again', 200, 100), refund('all', 100, 0), refund('more', 101, 0), refund('unsaid', 200, null)]]).refused).toEqual(['more', 'unsaid']);
});
