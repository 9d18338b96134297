import { z } from 'zod';
import { makeProgram } from '../support/invites-api.ts';
import { charge, CREATED, dispute, refund, session } from '../support/stripe-payloads.ts';
import { nextEvent } from '../support/stripe-webhooks.ts';
import { useStripe } from '../support/use-stripe.ts';

const { api, tenant, startAfresh, kept, tell: sendTold } = useStripe();

const tell = async (event: unknown) => (await sendTold(event)).body;
const card = (fingerprint: string) => ({ payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242', fingerprint } } });
const changes = async () => (await api.database.superuser<{ said: string }[]>`
  select concat_ws(' ', kind, before_minor || ' to', amount_minor, refund_id) as said from payment_changes where tenant_id = ${tenant.tenantId} order by at, event_id`).map(({ said }) => said);
const refunded = (so_far: number, seconds: number) => nextEvent('charge.refunded', charge({ amount_refunded: so_far }), { created: CREATED + seconds });
const refundedOfBea = (so_far: number, seconds: number) => nextEvent('charge.refunded', charge({ payment_intent: 'pi_b', amount_refunded: so_far }), { created: CREATED + seconds });
const failed = (amount: number, id: string, seconds: number, status = 'failed') => nextEvent('charge.refund.updated', refund({ id, amount, status }), { created: CREATED + seconds });

async function anaBringsBea(terms: Record<string, unknown> = {}): Promise<void> {
  await makeProgram(api, tenant, terms);
  const { body } = await api.send(tenant, 'PUT', '/v1/members/ana', {});
  const { code } = z.object({ code: z.string() }).parse(body['personalLink']);
  api.clock.advance(1_000);
  await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: 'up', type: 'signed_up', externalId: 'bea', code }] });
}

describe('the card that paid', () => {
  /** Ana has brought Bea; each pays by a charge and a checkout of her own. */
  async function bothPay(anas: string, beas: string, order: readonly number[]): Promise<{ self: boolean }[]> {
    await anaBringsBea();
    const events = [
      nextEvent('charge.succeeded', charge({ id: 'ch_a', payment_intent: 'pi_a', amount_refunded: 0, ...card(anas) })),
      nextEvent('checkout.session.completed', session({ id: 'cs_a', payment_intent: 'pi_a', client_reference_id: 'ana', customer: 'cus_a' })),
      nextEvent('charge.succeeded', charge({ id: 'ch_b', payment_intent: 'pi_b', amount_refunded: 0, ...card(beas) })),
      nextEvent('checkout.session.completed', session({ id: 'cs_b', payment_intent: 'pi_b', client_reference_id: 'bea', customer: 'cus_b' })),
    ];
    for (const n of order) expect(await tell(events[n])).toEqual({ outcome: 'stored' });
    return api.database.superuser<{ self: boolean }[]>`select self_referral as self from referrals where tenant_id = ${tenant.tenantId}`;
  }

  test.each([[[0, 1, 2, 3]], [[1, 3, 2, 0]], [[3, 2, 1, 0]], [[2, 0, 3, 1]]])('on both sides is one person, whichever is told first: %p', async (order) => {
    expect([...await bothPay('Xt5EWLLDS7FJjR1c', 'Xt5EWLLDS7FJjR1c', order)]).toEqual([{ self: true }]);
  });

  test('of each her own is none', async () => {
    expect([...await bothPay('Xt5EWLLDS7FJjR1c', 'Kq0aLLDS7FJjR1c9', [0, 1, 2, 3])]).toEqual([{ self: false }]);
  });

  test('is kept as a keyed hash alone; without one the charge is passed over', async () => {
    await tell(nextEvent('charge.refunded', charge(card('Xt5EWLLDS7FJjR1c'))));
    expect(await tell(nextEvent('charge.succeeded', charge({ payment_method_details: { type: 'link', link: {} } })))).toEqual({ outcome: 'passed_over', reason: 'no_means' });
    const { superuser } = api.database;
    const [row] = await superuser<{ hash: Uint8Array | null }[]>`select fingerprint_hash as hash from payments where tenant_id = ${tenant.tenantId}`;
    expect(row?.hash).toHaveLength(16);
    const all = JSON.stringify([await superuser`select * from billing_events`, await superuser`select * from events`, await superuser`select * from payment_changes`]);
    expect(all).not.toMatch(/Xt5EWLLDS7FJjR1c|4242/);
  });
});

describe('a refund that failed', () => {
  const half: Record<string, unknown> = { rewards: { holdDays: 30, rules: [{ key: 'half', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 5_000 } }] } };
  const counting = (from: number, so_far: number, seconds: number) => {
    const object = charge({ payment_intent: 'pi_b', amount_refunded: so_far });
    return nextEvent('charge.refunded', object, { created: CREATED + seconds, data: { object, previous_attributes: { amount_refunded: from, refunded: false } } });
  };
  const failedOfBea = (amount: number, id: string, seconds: number) => nextEvent('charge.refund.updated', refund({ id, amount, status: 'failed', payment_intent: 'pi_b' }), { created: CREATED + seconds });
  /** Bea has paid 58.31; Ana is given half of what is left of it. */
  const beaPays = () => nextEvent('checkout.session.completed', session({ id: 'cs_b', payment_intent: 'pi_b', client_reference_id: 'bea', customer: 'cus_b' }));
  const leftOfReward = async () => (await api.database.superuser<{ left: number }[]>`
    select coalesce(sum(granted_minor - taken_back_minor), 0)::int as left from rewards where tenant_id = ${tenant.tenantId}`)[0]?.left;

  test('is kept as it was told, and of a payment counts once, however often its vendor says so', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    api.clock.advance(600_000);
    await tell(refunded(1_000, 10));
    await tell(refunded(3_000, 20));
    expect(await tell(failed(2_000, 're_2', 30, 'pending'))).toEqual({ outcome: 'passed_over', reason: 'not_failed' });
    const told = failed(2_000, 're_2', 40);
    expect(await tell(told)).toEqual({ outcome: 'stored' });
    expect(await tell(told)).toEqual({ outcome: 'duplicate' });
    expect(await tell(failed(2_000, 're_2', 50))).toEqual({ outcome: 'stored' });
    expect(await changes()).toEqual(['refunded 1000', 'refunded 3000', 'refund_failed 2000 re_2', 'refund_failed 2000 re_2']);
  });

  test.each<[string, () => unknown[], number]>([
    ['of which the refund comes late', () => [refundedOfBea(1_000, 10), failedOfBea(2_000, 're_2', 30), refundedOfBea(3_000, 20)], 4_831],
    ['all of the payment', () => [counting(0, 5_831, 10), failedOfBea(5_831, 're_1', 10)], 5_831],
    ['of a vendor that lowers its count', () => [counting(0, 1_000, 10), counting(1_000, 3_000, 20), failedOfBea(2_000, 're_2', 30), counting(1_000, 1_500, 60)], 4_331],
    ['of a vendor that does not', () => [counting(0, 1_000, 10), counting(1_000, 3_000, 20), failedOfBea(2_000, 're_2', 30), counting(3_000, 3_500, 60)], 4_331],
    ['all of the payment, given back again by a vendor that lowers its count', () => [counting(0, 5_831, 10), failedOfBea(5_831, 're_1', 20), counting(0, 5_831, 60)], 0],
    ['all of the payment, given back again by a vendor that does not', () => [counting(0, 5_831, 10), failedOfBea(5_831, 're_1', 20), counting(5_831, 11_662, 60)], 0],
    ['more than we know of, given back again', () => [counting(0, 9_000, 10), failedOfBea(9_000, 're_1', 20), counting(0, 9_000, 60)], 0],
    ['more than we know of, given back again by a vendor that does not lower its count', () => [counting(0, 9_000, 10), failedOfBea(9_000, 're_1', 20), counting(9_000, 18_000, 60)], 0],
    ['more than we know of', () => [counting(0, 9_000, 10), failedOfBea(831, 're_1', 20)], 831],
  ])('%s: the same is left, in whatever order and how often it is told', async (_name, make, left) => {
    const events = [beaPays(), ...make()];
    for (const order of [events, events.toReversed(), [...events.slice(2), ...events, ...events.slice(0, 2)]]) {
      await startAfresh();
      await anaBringsBea(half);
      api.clock.advance(600_000);
      for (const event of order) await tell(event);
      expect(await leftOfReward()).toBe(Math.floor(left / 2));
    }
  });

  test('of a payment in another currency is passed over and says so', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    expect(await tell(nextEvent('charge.refund.updated', refund({ status: 'failed', currency: 'usd' })))).toEqual({ outcome: 'passed_over', reason: 'mixed_currencies' });
    expect((await kept()).map(({ reason }) => reason)).toContain('mixed_currencies');
  });
});

test('a dispute in another currency is of the whole payment, told before it or after', async () => {
  await anaBringsBea({ rewards: { holdDays: 30, rules: [{ key: 'half', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } }] } });
  await tell(nextEvent('charge.dispute.created', dispute({ currency: 'usd', payment_intent: 'pi_b' })));
  await tell(nextEvent('checkout.session.completed', session({ id: 'cs_b', payment_intent: 'pi_b', client_reference_id: 'bea', customer: 'cus_b' })));
  const [reward] = await api.database.superuser<{ paused: string | null }[]>`select paused_by as paused from rewards where tenant_id = ${tenant.tenantId}`;
  expect(reward).toEqual({ paused: 'dispute' });
});
