import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { reconcilePayout } from '../../activities/payouts/reconcile-payout.ts';
import type { PayoutRail } from '../../src/providers/payout/payout-rail.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { openPayoutScene } from '../support/payout-scene.ts';

let api: TestApi;
beforeAll(async () => { api = await openTestApi({ webhooksToInternal: true }); });
afterAll(() => api.close());

/** What the rail answers when it has the payout already and is asked once more. */
const REFUSED = { outcome: 'refused', detail: 'there is one of this name' } as const;

test.each([
  ['refused', REFUSED],
  ['later', { outcome: 'retry', because: 'rail_unavailable', detail: 'busy', retryAfterMs: 1 }],
] as const)('"%s" that is written down after the payout was found at its rail does not end it', async (_what, answer) => {
  const { bench, stand, approvedPayout } = await openPayoutScene(api);
  try {
    const { id, which, reward } = await approvedPayout();
    const found: PayoutRail = { kind: 'transfers_api', handOver: () => Promise.resolve(REFUSED), find: () => Promise.resolve({ outcome: 'found', state: 'pending', reference: 'tr_1' }) };
    // While this one's process stands still, the next try finds it claimed, looks, and sees that an earlier request has arrived.
    const handOver: PayoutRail['handOver'] = async () => {
      const deps = { ...bench.deps, openRail: () => found };
      expect(await handOverPayout(deps, { ...which, again: false })).toMatchObject({ stage: 'unknown' });
      expect(await reconcilePayout(deps, which)).toMatchObject({ stage: 'sent' });
      return answer;
    };
    await handOverPayout({ ...bench.deps, openRail: () => ({ ...found, handOver }) }, { ...which, again: false });
    expect(await stand.payout(id)).toMatchObject({ state: 'sent' });
    expect(await stand.reward(reward)).toEqual({ state: 'released', payoutId: id });
  } finally {
    await bench.stop();
  }
});
