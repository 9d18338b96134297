import type { TenantId } from '../../../src/domain/ids.ts';
import { isFreezeUnit } from '../../../src/domain/streak/streak-names.ts';
import type { Tx } from '../../client.ts';
import type { Happened } from '../rewards/run-steps.ts';
import { grantFreezes, type Freezes } from './grant-freezes.ts';

/** What one grant may hold. */
const MOST_FREEZES = 1_000;

/**
 * Rewards in shields or streak freezes that were released just now become freezes, each reward once; those that were reversed just now are taken back again. Nothing is asked
 * where there is none. After the booking: streaks are locked last.
 */
export async function giveReleasedFreezes(tx: Tx, { tenantId, happened, now }: { tenantId: TenantId; happened: readonly Happened[]; now: number }): Promise<void> {
  const grants = happened.flatMap(({ kind, reward, amountMinor }): Freezes[] => {
    const { id, memberId, unit } = reward;
    const count = Math.min(amountMinor, MOST_FREEZES);
    if (!isFreezeUnit(unit) || count <= 0) return [];
    if (kind === 'release') return [{ memberId, count, at: now, sourceKey: `reward:${id}` }];
    return kind === 'reverse' ? [{ memberId, count: -count, at: now, sourceKey: `reward:${id}:reversed` }] : [];
  });
  await grantFreezes(tx, { tenantId, grants, now });
}
