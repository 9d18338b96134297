import { randomUUID } from 'node:crypto';
import { listIn } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';
import { useTenantEach, useTestApi } from './use-test-api.ts';

export type UsedEvents = {
  readonly api: TestApi;
  readonly tenant: TestTenant;
  /** Answers what became of each. */
  tell(...events: object[]): Promise<Record<string, unknown>[]>;
  stored(query?: string): Promise<Record<string, unknown>[]>;
};

/** For tests of events: an API, and a tenant for each test. */
export function useEvents(): UsedEvents {
  const api = useTestApi();
  const tenant = useTenantEach(api);
  return {
    api, tenant,
    async tell(...events) {
      const { status, body } = await api.send(tenant, 'POST', '/v1/events', { events });
      expect(status).toBe(200);
      return listIn(body, 'results');
    },
    stored: async (query = '') => listIn((await api.send(tenant, 'GET', `/v1/events${query}`)).body, 'data'),
  };
}

export const at = (ms: number): string => new Date(ms).toISOString();
/** An event with an id of its own. */
export const fact = (more: object = {}): object => ({ eventId: randomUUID(), type: 'lesson_finished', ...more });
