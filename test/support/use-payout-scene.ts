import type { TestApi } from './api.ts';
import { openPayoutScene } from './payout-scene.ts';
import type { PayoutScene } from './payout-scene.ts';
import { madeByHook, useTestApi } from './use-test-api.ts';

export type UsedPayoutScene = Pick<PayoutScene, 'goWrong' | 'approvedPayout' | 'live'> & { readonly api: TestApi; /** This test's bench and stand. */ readonly scene: Pick<PayoutScene, 'bench' | 'stand'> };

/** For tests of payouts by a provider: an API, and for each test a tenant of its own and the provider that pays for it. */
export function usePayoutScene(): UsedPayoutScene {
  const api = useTestApi({ webhooksToInternal: true });
  const made = madeByHook<PayoutScene>('the scene');
  beforeEach(async () => { made.set(await openPayoutScene(api)); });
  afterEach(() => made.get().bench.stop());
  return {
    api,
    scene: {
      get bench() { return made.get().bench; },
      get stand() { return made.get().stand; },
    },
    goWrong: (...faults) => { made.get().goWrong(...faults); },
    approvedPayout: () => made.get().approvedPayout(),
    live: (payoutId) => made.get().live(payoutId),
  };
}
