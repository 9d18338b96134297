import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { moveRewards } from './move-rewards.ts';
import { DONE, lockForOrder, notDone, type Done, type Order } from './operate.ts';

/** Notes that the member has used a released reward, all of it. Refused where it is not theirs to use: held, paused, in a payout, over. Null: there is no such reward. */
export async function redeemReward(tx: Tx, order: Order): Promise<Done | null> {
  const { tenantId, rewardId, actor, now } = order;
  const row = await lockForOrder(tx, order);
  if (row === null) return null;
  const [moved] = await moveRewards(tx, { tenantId, moves: [{ rewardId, move: { kind: 'redeem' } }], now });
  if (moved === undefined || moved.outcome === 'refused') return notDone(moved?.reason ?? 'not_found');
  await recordDecision(tx, {
    tenantId, subjectId: rewardId, kind: 'reward_redeemed', rule: 'The app said that the member used the reward.', inputs: { referralId: row.referralId, unit: row.unit }, actor, now,
  });
  return DONE;
}
