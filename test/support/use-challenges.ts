import type { TestApi, TestTenant } from './api.ts';
import { arrangeChallenges, startChallenge } from './play.ts';
import type { Challenge } from './play.ts';
import { madeByHook, useTenant, useTestApi } from './use-test-api.ts';

export type UsedChallenges = {
  readonly api: TestApi;
  readonly tenant: TestTenant;
  readonly program: { readonly id: string };
  /** A challenge that Ana starts. */
  start(more?: Record<string, unknown>): Promise<Challenge>;
};

/** For tests of the game: an API, and a tenant with a program of the buddy challenge and its member Ana. */
export function useChallenges(): UsedChallenges {
  const api = useTestApi();
  const tenant = useTenant(api);
  const id = madeByHook<string>('the program');
  beforeAll(async () => { id.set(await arrangeChallenges(api, tenant)); });
  return { api, tenant, program: { get id() { return id.get(); } }, start: (more = {}) => startChallenge(api, tenant, id.get(), more) };
}
