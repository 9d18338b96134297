import { z } from 'zod';
import { NOON } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { charge, CREATED, dispute, refund, session } from '../support/stripe-payloads.ts';
import { nextEvent, openStripeApi } from '../support/stripe-webhooks.ts';
import type { StripeApi } from '../support/stripe-webhooks.ts';

let stripe: StripeApi;
let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  stripe = await openStripeApi();
  ({ api } = stripe);
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await stripe.tenant();
});
afterAll(() => api.close());

const tell = async (event: unknown) => (await stripe.tell(tenant, event)).body;
const card = (fingerprint: string) => ({ payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242', fingerprint } } });
const changes = async () => (await api.database.superuser<{ said: string }[]>`
  select kind || coalesce(' ' || amount_minor, '') as said from payment_changes where tenant_id = ${tenant.tenantId} order by at, event_id`).map(({ said }) => said);
const refunded = (so_far: number, seconds: number) => nextEvent('charge.refunded', charge({ amount_refunded: so_far }), { created: CREATED + seconds });
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
  test('is taken back, once, however often its vendor says so; what else was given back stays', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    api.clock.advance(600_000);
    await tell(refunded(1_000, 10));
    await tell(refunded(3_000, 20));
    expect(await tell(failed(2_000, 're_2', 30, 'pending'))).toEqual({ outcome: 'passed_over', reason: 'not_failed' });
    expect(await tell(failed(2_000, 're_2', 40))).toEqual({ outcome: 'stored' });
    expect(await tell(failed(2_000, 're_2', 50))).toEqual({ outcome: 'stored' });
    expect(await changes()).toEqual(['refunded 1000', 'refunded 3000', 'refunded 1000']);
    await tell(refunded(1_500, 60));
    expect(await changes()).toEqual(['refunded 1000', 'refunded 3000', 'refunded 1000', 'refunded 1500']);
  });

  test('told in the second of its refund, or before it, leaves nothing refunded', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    api.clock.advance(600_000);
    await tell(refunded(5_831, 10));
    await tell(failed(5_831, 're_1', 10));
    expect((await changes()).at(-1)).toBe('refunded 0');
    tenant = await stripe.tenant();
    await tell(nextEvent('checkout.session.completed', session()));
    await tell(failed(5_831, 're_1', 30));
    await tell(refunded(5_831, 10));
    expect(await changes()).toEqual(['refunded 5831', 'refunded 0']);
  });

  test('of a payment in another currency is passed over and says so', async () => {
    await tell(nextEvent('checkout.session.completed', session()));
    expect(await tell(nextEvent('charge.refund.updated', refund({ status: 'failed', currency: 'usd' })))).toEqual({ outcome: 'passed_over', reason: 'mixed_currencies' });
    expect((await stripe.kept(tenant)).map(({ reason }) => reason)).toContain('mixed_currencies');
  });
});

test('a dispute in another currency is of the whole payment, told before it or after', async () => {
  await anaBringsBea({ rewards: { holdDays: 30, rules: [{ key: 'half', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } }] } });
  await tell(nextEvent('charge.dispute.created', dispute({ currency: 'usd', payment_intent: 'pi_b' })));
  await tell(nextEvent('checkout.session.completed', session({ id: 'cs_b', payment_intent: 'pi_b', client_reference_id: 'bea', customer: 'cus_b' })));
  const [reward] = await api.database.superuser<{ paused: string | null }[]>`select paused_by as paused from rewards where tenant_id = ${tenant.tenantId}`;
  expect(reward).toEqual({ paused: 'dispute' });
});
