import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { tellRuns } from '../tell-runs.ts';
import { DONE, lockForOrder, notDone, type Done, type Order } from './operate.ts';

const DAY_MS = 86_400_000;
/** So far from now a hold may reach. */
export const LONGEST_HOLD_DAYS = 365;

/** Until an instant (epoch ms), or so many days longer than now. */
export type NewHold = { readonly until: number } | { readonly extendDays: number };

/**
 * Changes until when a held reward is held. The row is the truth: its run is told and looks again. A longer hold moves the
 * expiry with it, so that a hold never eats up a reward's use; a shorter one leaves it. Null: there is no such reward.
 */
export async function holdReward(tx: Tx, order: Order & { readonly hold: NewHold }): Promise<Done | null> {
  const { tenantId, rewardId, actor, now, hold } = order;
  const row = await lockForOrder(tx, order);
  if (row === null) return null;
  if (row.state !== 'held') return notDone('not_held');
  const until = 'until' in hold ? hold.until : row.holdUntil + hold.extendDays * DAY_MS;
  if (until <= now) return notDone('past');
  if (until > now + LONGEST_HOLD_DAYS * DAY_MS) return notDone('too_far');
  if (until === row.holdUntil) return DONE;
  const expiresAt = row.expiresAt === null ? null : row.expiresAt + Math.max(0, until - row.holdUntil);
  await tx.sql`update rewards set hold_until = ${until}, expires_at = ${expiresAt}, moved_at = ${now} where tenant_id = ${tenantId} and id = ${rewardId}`;
  await recordDecision(tx, {
    tenantId, subjectId: rewardId, kind: 'reward_hold_changed', rule: 'An operator changed until when the reward is held.',
    inputs: { referralId: row.referralId, before: row.holdUntil, until, expiresAt }, actor, now,
  });
  if (row.referralId !== null) {
    await tellRuns(tx, { tenantId, facts: [{ runId: row.referralId, factId: `${String(now)}:${rewardId}:hold:${String(until)}`, kind: 'changed', data: { moves: 0, state: null }, at: now }], now });
  }
  return DONE;
}
