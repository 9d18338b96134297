import type { TenantId } from '../../../src/domain/ids.ts';
import { leftOf } from '../../../src/domain/reward/stored-reward.ts';
import { isFreezeUnit } from '../../../src/domain/streak/streak-names.ts';
import type { Tx } from '../../client.ts';
import type { Happened } from '../rewards/run-steps.ts';
import { grantFreezes, type Freezes } from './grant-freezes.ts';
import { takeBackUnused } from './take-back-unused.ts';

/** What one grant may hold. */
const MOST_FREEZES = 1_000;

/**
 * Rewards in shields or streak freezes that were released just now become freezes, each reward once; of those that were taken back just now, whole or in part, so many are taken back
 * again, and of those that expired what was not used. Nothing is asked where there is none. After the booking: streaks are locked last.
 */
export async function giveReleasedFreezes(tx: Tx, { tenantId, happened, now }: { tenantId: TenantId; happened: readonly Happened[]; now: number }): Promise<void> {
  const ofFreezes = happened.filter(({ reward: { unit } }) => isFreezeUnit(unit));
  await grantFreezes(tx, { tenantId, now, grants: ofFreezes.flatMap((one) => changeOf(one, now)) });
  await takeBackUnused(tx, { tenantId, now, expired: ofFreezes.flatMap(({ kind, reward: { id, memberId } }) => (kind === 'expire' ? [{ memberId, sourceKey: sourceKeyOf(id) }] : [])) });
}

/** What a reward gives or takes in freezes: the difference in what a grant may hold of it. */
function changeOf({ kind, reward, amountMinor }: Happened, now: number): Freezes[] {
  const { id, memberId, state } = reward;
  const left = leftOf(reward);
  const of = { memberId, at: now };
  if (kind === 'release') return left > 0 ? [{ ...of, count: freezesIn(left), sourceKey: sourceKeyOf(id) }] : [];
  const isTakenBack = kind === 'reverse' || (kind === 'reduce' && state !== 'held');
  const count = isTakenBack ? freezesIn(left) - freezesIn(left + amountMinor) : 0;
  if (count === 0) return [];
  // What was taken back by then tells one part from the next.
  return [{ ...of, count, sourceKey: `${sourceKeyOf(id)}:${kind === 'reverse' ? 'reversed' : `reduced:${String(reward.takenBackMinor)}`}` }];
}

function freezesIn(amountMinor: number): number {
  return Math.min(amountMinor, MOST_FREEZES);
}

function sourceKeyOf(rewardId: string): string {
  return `reward:${rewardId}`;
}
