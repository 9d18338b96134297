import { leftOf } from '../../../src/domain/reward/stored-reward.ts';
import { moveReward } from '../../../src/domain/reward/reward-state.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { moveRewards } from './move-rewards.ts';
import { DONE, lockForOrder, mustHaveMoved, notDone, type Done, type Order } from './operate.ts';
import { settleRewards } from './settle-rewards.ts';

/**
 * Takes back all that is left of a reward, for good: no later fact grants it again. Held, it is voided; released, used or paid,
 * it is reversed and becomes a claim on the member. Refused where nothing is left. Null: there is no such reward.
 */
export async function voidReward(tx: Tx, order: Order & { readonly reason: string }): Promise<Done | null> {
  const { tenantId, rewardId, actor, now, reason } = order;
  const row = await lockForOrder(tx, order);
  if (row === null) return null;
  const kind = row.state === 'held' ? 'void' : 'reverse';
  const allowed = moveReward({ state: row.state, paused: row.pausedBy !== null, inPayout: row.inPayout }, kind);
  if (allowed.outcome === 'refused') return notDone(allowed.reason);
  const amountMinor = leftOf(row);
  await recordDecision(tx, {
    tenantId, subjectId: rewardId, kind: 'reward_voided', rule: 'An operator took the reward back, for good.',
    inputs: { referralId: row.referralId, stateBefore: row.state, unit: row.unit, amountMinor, reason }, actor, now,
  });
  const moves = [{ rewardId, move: { kind, amountMinor, reason: 'operator' } }] as const;
  // Settling sets the referral's state with it. All of it at once: the books are locked last, and so only once.
  mustHaveMoved(row.referralId === null ? await moveRewards(tx, { tenantId, moves, now }) : await settleRewards(tx, { tenantId, referralIds: [row.referralId], now, moves }));
  return DONE;
}
