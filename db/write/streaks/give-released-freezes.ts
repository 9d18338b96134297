import type { TenantId } from '../../../src/domain/ids.ts';
import { isFreezeUnit } from '../../../src/domain/streak/streak-names.ts';
import type { Tx } from '../../client.ts';
import type { Happened } from '../rewards/run-steps.ts';
import { grantFreezes } from './grant-freezes.ts';

/** What one grant may hold. */
const MOST_FREEZES = 1_000;

/** Rewards in shields or streak freezes that were released just now become freezes, each reward once. Nothing is asked where there is none. After the booking: streaks are locked last. */
export async function giveReleasedFreezes(tx: Tx, { tenantId, happened, now }: { tenantId: TenantId; happened: readonly Happened[]; now: number }): Promise<void> {
  const grants = happened.flatMap(({ kind, reward, amountMinor }) => (
    kind === 'release' && isFreezeUnit(reward.unit) && amountMinor > 0
      ? [{ memberId: reward.memberId, count: Math.min(amountMinor, MOST_FREEZES), at: now, sourceKey: `reward:${reward.id}` }] : []));
  await grantFreezes(tx, { tenantId, grants, now });
}
