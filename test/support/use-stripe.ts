import { NOON } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';
import { openStripeApi } from './stripe-webhooks.ts';
import type { StripeApi, Telling } from './stripe-webhooks.ts';
import { madeByHook, tenantOf, useApiOf } from './use-test-api.ts';

/** For tests of what Stripe tells: an API, and for each test a tenant whose endpoint at Stripe it knows. Left out, `of` and `to` are that tenant. */
export function useStripe(): UsedStripe {
  const stripe = madeByHook<StripeApi>('the API');
  const api = useApiOf(async () => {
    stripe.set(await openStripeApi());
    return stripe.get().api;
  });
  const made = madeByHook<TestTenant>('the tenant');
  const startAfresh = async (): Promise<void> => {
    api.clock.set(NOON);
    made.set(await stripe.get().tenant());
  };
  beforeEach(startAfresh);
  const tenant = tenantOf(made);
  return {
    api, tenant, startAfresh,
    tell: (event, { to = tenant, ...how } = {}) => stripe.get().tell(to, event, how),
    facts: (of = tenant) => stripe.get().facts(of),
    kept: (of = tenant) => stripe.get().kept(of),
  };
}

export type UsedStripe = {
  readonly api: TestApi;
  readonly tenant: TestTenant;
  /** From now on the tenant is a fresh one, and it is noon. */
  startAfresh(): Promise<void>;
  tell(event: unknown, how?: Telling): ReturnType<StripeApi['tell']>;
  facts(of?: TestTenant): ReturnType<StripeApi['facts']>;
  kept(of?: TestTenant): ReturnType<StripeApi['kept']>;
};
