import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PayoutDeps } from '../../activities/payouts/deps.ts';
import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { reconcilePayout } from '../../activities/payouts/reconcile-payout.ts';
import { startPayoutRail, type RunningPayoutRail } from '../../src/dev/payout-rail/stand-in.ts';
import { readPaidFile } from '../../src/dev/payout-rail/transfer-store.ts';
import type { PayoutId, TenantId } from '../../src/domain/ids.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import { PAYOUT_PATIENCE } from '../../src/domain/payout/patience.ts';
import { openRailWith } from '../../src/providers/payout/open-rail.ts';
import type { TestApi } from './api.ts';

/** A provider that writes what it paid into a file of its own, and the activities that pay by it. */
export type PayoutBench = {
  readonly vendor: RunningPayoutRail;
  readonly deps: PayoutDeps;
  /** How often the provider's own file has each payout. */
  paid(): Record<string, number>;
  stop(): Promise<void>;
};

export async function openPayoutBench({ services, clock }: TestApi): Promise<PayoutBench> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-rail-'));
  const vendor = await startPayoutRail({ dir });
  const { db, keyring, log } = services;
  return {
    vendor,
    deps: { db, clock, keyring, log, openRail: openRailWith({ allowInternal: true, timeoutMs: 300 }), payoutPatience: PAYOUT_PATIENCE },
    paid: () => readPaidFile(dir).reduce<Record<string, number>>((times, { payoutId }) => ({ ...times, [payoutId]: (times[payoutId] ?? 0) + 1 }), {}),
    async stop() {
      await vendor.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const MOST_STEPS = 200;

/** What a payout's run does, with a clock that jumps to each deadline. Ends with the payout, or when it only waits for somebody. `step` is called before each wait. */
export async function livePayout(bench: PayoutBench, clock: TestApi['clock'], input: { tenantId: TenantId; payoutId: PayoutId }, step: () => Promise<void> = () => Promise.resolve()): Promise<PayoutLook> {
  let look = await handOverPayout(bench.deps, { ...input, again: false });
  for (let steps = 0; look.kind === 'goes_on'; steps += 1) {
    if (steps === MOST_STEPS) throw new Error(`the payout has not ended: ${JSON.stringify(look)}`);
    await step();
    if (look.nextAt === null) return look;
    clock.set(Math.max(look.nextAt, clock.now()));
    look = look.next === 'hand_over' ? await handOverPayout(bench.deps, { ...input, again: false }) : await reconcilePayout(bench.deps, input);
  }
  return look;
}
