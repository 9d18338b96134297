import { readEventDetail } from '../../src/domain/event/read-event-detail.ts';

const order = { orderId: 'o-1' };
const paid = { ...order, amountMinor: 4_900, currency: 'EUR' };

test('names come together, the app\'s own first, each once; codes are read in any case', () => {
  expect(readEventDetail('converted', { ...paid, currency: 'eur', country: 'fr', paymentNames: ['pi_1', 'o-1'] }))
    .toEqual({ outcome: 'detail', detail: { amountMinor: 4_900, currency: 'EUR', country: 'FR', paymentNames: ['o-1', 'pi_1'] } });
});

test('what was sent beside the fields is no detail', () => {
  const event = { eventId: 'e', type: 'signed_up', externalId: 'ben', country: 'FR', properties: { a: 1 } };
  expect(readEventDetail('signed_up', event)).toEqual({ outcome: 'detail', detail: { country: 'FR' } });
});

test('a fact that says nothing more has no detail', () => {
  for (const type of ['signed_up', 'first_value', 'lesson_finished']) expect(readEventDetail(type, {})).toEqual({ outcome: 'detail', detail: null });
});

test.each([
  ['a negative amount', 'converted', { ...paid, amountMinor: -1 }, 'invalid_amount', 'amountMinor'],
  ['a fraction', 'converted', { ...paid, amountMinor: 49.5 }, 'invalid_amount', 'amountMinor'],
  ['more than can be counted exactly', 'converted', { ...paid, amountMinor: 2 ** 53 }, 'invalid_amount', 'amountMinor'],
  ['no amount', 'converted', { ...order, currency: 'EUR' }, 'invalid_amount', 'amountMinor'],
  ['no currency', 'converted', { ...order, amountMinor: 1 }, 'currency_not_supported', 'currency'],
  ['a code that is none', 'converted', { ...paid, currency: 'EURO' }, 'currency_not_supported', 'currency'],
  ['a currency without books', 'converted', { ...paid, currency: 'XAU' }, 'currency_not_supported', 'currency'],
  ['a payment without a name', 'converted', { amountMinor: 1, currency: 'EUR' }, 'order_required', 'orderId'],
  ['a failed refund without its id', 'refund_failed', { orderId: 'o', failedMinor: 1 }, 'refund_id_required', 'refundId'],
  ['a failed refund without its amount', 'refund_failed', { orderId: 'o', refundId: 're_1' }, 'invalid_amount', 'failedMinor'],
  ['a failed refund below nothing', 'refund_failed', { orderId: 'o', refundId: 're_1', failedMinor: -1 }, 'invalid_amount', 'failedMinor'],
  ['an empty list of names', 'refunded', { paymentNames: [] }, 'order_required', 'orderId'],
  ['a country that is none', 'converted', { ...paid, country: 'ZZ' }, 'invalid_country', 'country'],
  ['a part of a country', 'signed_up', { country: 'US-FL' }, 'invalid_country', 'country'],
  ['a negative refund', 'refunded', { ...order, refundedMinor: -1 }, 'invalid_amount', 'refundedMinor'],
  ['a refund in gold', 'refunded', { ...order, refundedMinor: 1, currency: 'XAU' }, 'currency_not_supported', 'currency'],
  ['a dispute without its id', 'dispute_opened', order, 'dispute_id_required', 'disputeId'],
  ['a dispute of a fraction', 'dispute_lost', { ...order, disputeId: 'd', amountMinor: 0.1 }, 'invalid_amount', 'amountMinor'],
  ['an upgrade without a plan', 'plan_upgraded', {}, 'plan_required', 'plan'],
  ['an amount of a sign-up', 'signed_up', { amountMinor: 1 }, 'field_not_expected', 'amountMinor'],
  ['a refund\'s amount under the wrong name', 'refunded', { ...order, amountMinor: 1 }, 'field_not_expected', 'amountMinor'],
  ['an order of a fact of the app\'s own', 'lesson_finished', order, 'field_not_expected', 'orderId'],
])('%s is refused, and the answer names the field', (_what, type, told, reason, field) => {
  const read = readEventDetail(type, told);
  expect(read).toMatchObject({ outcome: 'refused', reason });
  expect(read.detail).toMatch(new RegExp(`^${field}: `));
});

test('nothing was paid, nothing given back, nothing disputed: all can be said', () => {
  expect(readEventDetail('converted', { ...paid, amountMinor: 0 })).toMatchObject({ outcome: 'detail' });
  expect(readEventDetail('refunded', { ...order, refundedMinor: 0 })).toMatchObject({ outcome: 'detail', detail: { refundedMinor: 0 } });
  expect(readEventDetail('refunded', order)).toEqual({ outcome: 'detail', detail: { paymentNames: ['o-1'] } });
});
