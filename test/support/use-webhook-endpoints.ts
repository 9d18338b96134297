import { announce } from '../../db/write/webhooks/announce.ts';
import { listIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { useTenant, useTenantEach, useTestApi } from './use-test-api.ts';
import { sampleNews } from './webhooks.ts';

export const URL_IN = 'https://hooks.example.com/flywheel';

export type UsedWebhookEndpoints = {
  readonly api: TestApi;
  /** For each test one of its own; left out, `as` is this one. */
  readonly tenant: TestTenant;
  readonly other: TestTenant;
  make(body?: Record<string, unknown>, as?: TestTenant): Promise<Reply>;
  /** News of so many things at once. */
  tell(count: number, as?: TestTenant): ReturnType<typeof announce>;
  deliveries(query?: string, as?: TestTenant): Promise<Record<string, unknown>[]>;
};

/** For tests of where webhooks go and what became of them. */
export function useWebhookEndpoints(): UsedWebhookEndpoints {
  const api = useTestApi();
  const other = useTenant(api, () => api.makeTenant({ name: 'Other' }));
  const tenant = useTenantEach(api);
  return {
    api, tenant, other,
    make: (body = {}, as = tenant) => api.send(as, 'POST', '/v1/webhook-endpoints', { url: URL_IN, ...body }),
    tell: (count, as = tenant) => api.database.app.asTenant(as.tenantId, (tx) =>
      announce(tx, { tenantId: as.tenantId, news: Array.from({ length: count }, () => sampleNews({ sequenceOf: 'ref_1' })), now: api.clock.now() })),
    deliveries: async (query = '', as = tenant) => listIn((await api.send(as, 'GET', `/v1/webhook-deliveries${query}`)).body, 'data'),
  };
}

/** The path of an endpoint, or of something of it. */
export const at = (id: string, more = ''): string => `/v1/webhook-endpoints/${id}${more}`;
/** What a refusal says: status, code, and the paths of what is wrong. */
export const pathsOf = (reply: Reply): unknown[] => [reply.status, reply.body['code'], listIn(reply.body, 'errors').map(({ path }) => path)];
