import Stripe from 'stripe';
import { NOON } from '../support/api.ts';
import { invoice, session } from '../support/stripe-payloads.ts';
import { NEW_SECRET, nextEvent, SECRET, stripePath } from '../support/stripe-webhooks.ts';
import type { Telling } from '../support/stripe-webhooks.ts';
import { useStripe } from '../support/use-stripe.ts';

const { api, tenant, tell, facts, kept } = useStripe();

describe('the account', () => {
  test('says where Stripe is to send what, and of the secrets only their endings; sealed, changed by one who is noted', async () => {
    const { body } = await api.send(tenant, 'GET', '/v1/billing/stripe');
    expect(body).toMatchObject({ webhookUrl: `https://flywheel.example${stripePath(tenant)}`, secrets: [{ ending: 'stuv' }], changedAt: '2026-06-10T12:00:00.000Z' });
    expect(body['events']).toContain('charge.dispute.closed');
    const [row] = await api.database.superuser<{ sealed: Uint8Array }[]>`select secrets_sealed as sealed from billing_accounts where tenant_id = ${tenant.tenantId}`;
    expect(Buffer.from(row?.sealed ?? '').toString('latin1')).not.toContain('whsec');
    const decisions = await api.database.superuser<Record<string, unknown>[]>`select actor, inputs from decisions where tenant_id = ${tenant.tenantId} and kind = 'billing_secrets_changed'`;
    expect(decisions).toMatchObject([{ actor: tenant.keyId, inputs: { provider: 'stripe', secrets: 1 } }]);
    expect(JSON.stringify([decisions, api.logged])).not.toContain(SECRET);
  });

  test('without one nothing is set; it can be emptied again', async () => {
    const fresh = await api.makeTenant();
    expect((await api.send(fresh, 'GET', '/v1/billing/stripe')).body).toMatchObject({ secrets: [], changedAt: null });
    expect((await tell(nextEvent('invoice.paid', invoice()), { to: fresh })).body).toMatchObject({ code: 'billing_signature_invalid' });
    await api.send(tenant, 'PUT', '/v1/billing/stripe', { secrets: [] });
    expect((await tell(nextEvent('invoice.paid', invoice()))).status).toBe(400);
  });

  test.each([
    ['three', { secrets: [SECRET, NEW_SECRET, `${SECRET}x`] }], ['an API key', { secrets: ['sk_live_0123456789abcdef'] }], ['a space', { secrets: [`${SECRET} `] }],
    ['a text', { secrets: SECRET }], ['nothing', {}], ['more', { secrets: [], provider: 'x' }],
  ])('%s is refused and names the place', async (_what, body) => {
    expect(await api.send(tenant, 'PUT', '/v1/billing/stripe', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('what Stripe did not sign is refused, and nothing of it is stored', () => {
  test.each<[string, (event: string) => Telling]>([
    ['no signature', () => ({ signature: null })],
    ['another secret', () => ({ secret: NEW_SECRET })],
    ['a changed body', (event) => ({ body: event.replace('5831', '9831') })],
    ['signed six minutes ago', () => ({ at: NOON - 6 * 60_000 })],
    ['signed by a clock ahead', () => ({ at: NOON + 6 * 60_000 })],
    ['rubbish', () => ({ signature: 't=,v1=' })],
  ])('%s', async (_what, how) => {
    const event = JSON.stringify(nextEvent('checkout.session.completed', session()));
    expect(await tell(event, how(event))).toMatchObject({ status: 400, body: { code: 'billing_signature_invalid' } });
    expect([await facts(), await kept()]).toEqual([[], []]);
  });

  test('an event of another tenant\'s endpoint', async () => {
    const other = await api.makeTenant();
    await api.send(other, 'PUT', '/v1/billing/stripe', { secrets: [NEW_SECRET] });
    expect((await tell(nextEvent('checkout.session.completed', session()), { to: other })).status).toBe(400);
    expect(await facts(other)).toEqual([]);
  });

  test('replayed within the five minutes it is known by its id; after them it is stale', async () => {
    const payload = JSON.stringify(nextEvent('checkout.session.completed', session()));
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: NOON / 1_000 });
    expect((await tell(payload, { signature })).body).toEqual({ outcome: 'stored' });
    expect((await tell(payload, { signature })).body).toEqual({ outcome: 'duplicate' });
    api.clock.advance(301_000);
    expect((await tell(payload, { signature })).status).toBe(400);
    expect(await facts()).toHaveLength(1);
  });

  test('a rotated secret: both count, then the new one alone', async () => {
    await api.send(tenant, 'PUT', '/v1/billing/stripe', { secrets: [NEW_SECRET, SECRET] });
    expect((await tell(nextEvent('invoice.paid', invoice({ amount_paid: 0 })))).status).toBe(200);
    expect((await tell(nextEvent('invoice.paid', invoice({ amount_paid: 0 })), { secret: NEW_SECRET })).status).toBe(200);
    await api.send(tenant, 'PUT', '/v1/billing/stripe', { secrets: [NEW_SECRET] });
    expect((await tell(nextEvent('invoice.paid', invoice()))).status).toBe(400);
  });

  test('addresses that name nobody, other methods, too much of a body', async () => {
    for (const path of ['/webhooks/stripe/x', `/webhooks/stripe/${'0'.repeat(25)}!`, '/webhooks/stripe/%00']) expect((await api.send(null, 'POST', path, {})).status).toBe(404);
    expect((await api.send(null, 'POST', `/webhooks/stripe/${'0'.repeat(26)}`, {})).status).toBe(400);
    const get = await api.send(null, 'GET', stripePath(tenant));
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await tell(`"${'x'.repeat(600_000)}"`)).body['code']).toBe('body_too_large');
  });

  test('it is told to the operator, with no word of the body', () => {
    expect(api.logged.filter(({ level }) => level === 'warn')).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('PUT /v1/billing/stripe') }));
    expect(JSON.stringify(api.logged)).not.toMatch(/bea@|Béa|cus_Kite/);
  });
});
