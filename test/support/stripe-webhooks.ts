import Stripe from 'stripe';
import { openTestApi } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { stripeEvent } from './stripe-payloads.ts';

export const SECRET = 'whsec_0123456789abcdefghijklmnopqrstuv';
export const NEW_SECRET = 'whsec_zyxwvutsrqponmlkjihgfedcba987654';

export type Telling = { to?: TestTenant; secret?: string; signature?: string | null; body?: string; at?: number };
export type Fact = { type: string; member: string | null; detail: Record<string, unknown>; at: number };

export const stripePath = ({ tenantId }: TestTenant): string => `/webhooks/stripe/${tenantId.slice(4)}`;

let place = 0;

/** An event with an id of its own. */
export function nextEvent(type: string, object: Record<string, unknown>, more: Record<string, unknown> = {}): Record<string, unknown> {
  place += 1;
  return stripeEvent(type, object, { id: `evt_${String(place).padStart(4, '0')}`, ...more });
}

/** An API, and a tenant whose endpoint at Stripe it knows: `tenant` makes a fresh one. */
export type StripeApi = {
  readonly api: TestApi;
  tenant(): Promise<TestTenant>;
  /** Signs with Stripe's own helper, unless told otherwise, and sends the very bytes. */
  tell(to: TestTenant, event: unknown, how?: Telling): Promise<Reply>;
  facts(of: TestTenant): Promise<Fact[]>;
  /** What was noted of each event, by its id. */
  kept(of: TestTenant): Promise<{ type: string; outcome: string; reason: string | null }[]>;
};

export async function openStripeApi(): Promise<StripeApi> {
  const api = await openTestApi();
  const { superuser } = api.database;
  return {
    api,
    async tenant() {
      const tenant = await api.makeTenant();
      await api.send(tenant, 'PUT', '/v1/billing/stripe', { secrets: [SECRET] });
      return tenant;
    },
    tell(to, event, how = {}) {
      const payload = typeof event === 'string' ? event : JSON.stringify(event);
      const signature = how.signature === undefined
        ? Stripe.webhooks.generateTestHeaderString({ payload, secret: how.secret ?? SECRET, timestamp: Math.floor((how.at ?? api.clock.now()) / 1_000) })
        : how.signature;
      return api.send(null, 'POST', stripePath(to), undefined, { raw: how.body ?? payload, headers: signature === null ? {} : { 'stripe-signature': signature } });
    },
    async facts({ tenantId }) {
      return superuser<Fact[]>`
        select e.type, m.external_id as member, e.detail, e.occurred_at as at from events e left join members m on m.id = e.member_id
        where e.tenant_id = ${tenantId} order by e.occurred_at, e.event_id`;
    },
    async kept({ tenantId }) {
      return superuser<{ type: string; outcome: string; reason: string | null }[]>`select type, outcome, reason from billing_events where tenant_id = ${tenantId} order by event_id`;
    },
  };
}
