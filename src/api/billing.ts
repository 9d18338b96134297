import { z } from 'zod';
import { readBillingAccount } from '../../db/read/billing-account.ts';
import { listBillingEvents } from '../../db/read/billing-events.ts';
import type { BillingEventView, BillingPlace } from '../../db/read/billing-events.ts';
import { readTenant } from '../../db/read/tenant.ts';
import { BILLING_OUTCOMES } from '../../db/schema/billing.ts';
import { changeBillingSecrets } from '../../db/write/change-billing-secrets.ts';
import { STRIPE_EVENTS } from '../providers/billing/stripe-event.ts';
import { PASSED_OVER } from '../providers/billing/stripe-reading.ts';
import { readSecrets, writeSecrets } from './billing-secrets.ts';
import { instantOut, iso, isoOrNull } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Billing';

const secretIn = z.string().regex(/^whsec_[\x21-\x7e]{10,249}$/, 'Give the endpoint\'s signing secret, which begins with whsec_ and has no spaces');

const accountOut = z.object({
  webhookUrl: z.string().meta({ description: 'What to enter at Stripe as the endpoint\'s address' }),
  events: z.array(z.string()).meta({ description: 'What the endpoint at Stripe should send; anything else is passed over' }),
  secrets: z.array(z.object({ ending: z.string().meta({ description: 'The last four characters' }) })).meta({ description: 'By which webhooks are believed: by none until one is set' }),
  changedAt: instantOut.nullable(),
}).meta({ id: 'StripeAccount' });

const about = 'Stripe tells what was paid (`checkout.session.completed`, `invoice.paid`), refunded and disputed; it becomes `converted`, `refunded`, `refund_failed` and `dispute_*` by itself. '
  + 'The member is the one named by `client_reference_id` of the Checkout session, else by `metadata.externalId` of the session, the invoice or its subscription, else the one a former event named for the same customer; a payment whose customer nobody has named yet waits for that. '
  + '`metadata.orderId` of a session makes it one with the `orderId` you may send yourself; `metadata.product` is its product.';

const get = route({
  method: 'get',
  path: '/v1/billing/stripe',
  tag,
  summary: 'Read how Stripe reaches us',
  description: `Enter the address as a webhook endpoint at Stripe, then put its signing secret here. ${about}`,
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: accountOut },
  problems: [],
  async handle(call) {
    return { status: 200, body: await accountBody(call) };
  },
});

const put = route({
  method: 'put',
  path: '/v1/billing/stripe',
  tag,
  summary: 'Set the signing secrets of Stripe\'s webhooks',
  description: 'Those that are given are the only ones that count from now on: one, two while one replaces another, or none to stop. They are kept sealed and never shown again.',
  params: none,
  query: none,
  body: z.strictObject({ secrets: z.array(secretIn).max(2, 'Give at most two secrets: one, or the old and the new one') })
    .meta({ examples: [{ secrets: ['whsec_1234567890abcdefghijklmnopqrstuv'] }] }),
  keyed: false,
  answers: { 200: accountOut },
  problems: [],
  async handle({ body, ...call }) {
    const { tx, tenantId, keyId, now, services: { keyring } } = call;
    const given = [...new Set(body.secrets)];
    await changeBillingSecrets(tx, { tenantId, provider: 'stripe', secretsSealed: keyring.seal(tenantId, writeSecrets(given)), count: given.length, actor: keyId, now });
    return { status: 200, body: await accountBody(call) };
  },
});

const LIST = 'stripe-events';

const WHY: ReadonlyMap<string, string> = new Map([...Object.entries(PASSED_OVER), ['member_not_known', 'It names no member, and no event has named one for its customer yet; it is stored as soon as one does, within 90 days.']]);

const eventOut = z.object({
  eventId: z.string().meta({ description: 'Stripe\'s' }),
  type: z.string(),
  outcome: z.enum(BILLING_OUTCOMES).meta({ description: '`stored`: it is a fact of ours, see `GET /v1/events`. `waiting`: for its member. `passed_over`: it changes nothing' }),
  reason: z.string().nullable(),
  why: z.string().nullable().meta({ description: 'The reason in words' }),
  receivedAt: instantOut,
}).meta({ id: 'StripeEvent' });

const list = route({
  method: 'get',
  path: '/v1/billing/stripe/events',
  tag,
  summary: 'List what Stripe told, and what became of it, newest first',
  description: 'To find out why a payment did not count. Of 90 days; ids, types and reasons only.',
  params: none,
  query: z.strictObject({ ...pageQuery, outcome: z.enum(BILLING_OUTCOMES).optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(eventOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, outcome } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    const rows = await listBillingEvents(tx, tenantId, { after: after === undefined ? null : placeOf(after), limit: limit + 1, outcome });
    const item = ({ receivedAt, ...event }: BillingEventView) => ({ ...event, why: event.reason === null ? null : WHY.get(event.reason) ?? null, receivedAt: iso(receivedAt) });
    return { status: 200, body: makePage(LIST, rows, limit, { item, after: (event) => [String(event.receivedAt), event.eventId] }) };
  },
});

function placeOf([receivedAt = '', eventId = '', ...more]: readonly string[]): BillingPlace | null {
  return /^\d{1,14}$/.test(receivedAt) && eventId !== '' && more.length === 0 ? { receivedAt: Number(receivedAt), eventId } : null;
}

async function accountBody({ tx, tenantId, services: { keyring } }: Call): Promise<z.input<typeof accountOut>> {
  const { publicUrl } = await readTenant(tx, tenantId);
  const account = await readBillingAccount(tx, tenantId, 'stripe');
  const secrets = account === null ? [] : readSecrets(keyring.open(tenantId, account.secretsSealed));
  return {
    webhookUrl: `${publicUrl.replace(/\/+$/, '')}/webhooks/stripe/${tenantId.slice('tnt_'.length)}`,
    events: [...STRIPE_EVENTS],
    secrets: secrets.map((secret) => ({ ending: secret.slice(-4) })),
    changedAt: isoOrNull(account?.changedAt ?? null),
  };
}

export const billingRoutes: readonly Route[] = [get, put, list];
