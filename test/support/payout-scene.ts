import type { RailFault } from '../../src/dev/payout-rail/rail-fault.ts';
import type { MemberId, PayoutId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import { NOON, type TestApi } from './api.ts';
import { livePayout, openPayoutBench, type PayoutBench } from './payout-life.ts';
import { openPayoutStand, type PayoutStand } from './payouts.ts';

/** A tenant that pays by a provider's transfers API, whose provider does what a test says. */
export type PayoutScene = {
  readonly bench: PayoutBench;
  readonly stand: PayoutStand;
  /** Faults in their order, then all goes well. */
  goWrong(...faults: readonly RailFault[]): void;
  /** A payout of 50 euros to ana, approved. */
  approvedPayout(): Promise<{ id: PayoutId; ana: MemberId; reward: RewardId; which: { tenantId: TenantId; payoutId: PayoutId } }>;
  /** Lives the payout's run to its end. */
  live(payoutId: PayoutId): Promise<PayoutLook>;
};

/** Later than any test: what is to happen later happens when a test says so (`vendor.workOff`). */
export const LATER_MS = 3_600_000;

/** Opens one for a test, at noon. Stop its bench afterwards. */
export async function openPayoutScene(api: TestApi): Promise<PayoutScene> {
  api.clock.set(NOON);
  const bench = await openPayoutBench(api);
  const stand = await openPayoutStand(api);
  const { status, text } = await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: bench.vendor.url, secret: bench.vendor.secret });
  if (status !== 200) throw new Error(text);
  return {
    bench, stand,
    goWrong(...faults) {
      const left = [...faults];
      bench.vendor.setFaults(() => left.shift());
    },
    async approvedPayout() {
      const ana = await stand.member('ana', 'acct_ana_0042');
      const reward = await stand.release(ana, 5_000);
      const id = (await stand.approved()).payouts.get('ana');
      if (id === undefined) throw new Error('no payout');
      return { id, ana, reward, which: { tenantId: stand.tenantId, payoutId: id } };
    },
    live: (payoutId) => livePayout(bench, api.clock, { tenantId: stand.tenantId, payoutId }),
  };
}
