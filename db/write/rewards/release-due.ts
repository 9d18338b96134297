import type { ReferralId, TenantId } from '../../../src/domain/ids.ts';
import { mayExpire, mayRelease } from '../../../src/domain/reward/reward-state.ts';
import type { Tx } from '../../client.ts';
import { lockMilestones } from './lock-referrals.ts';
import { moveLocked } from './move-rewards.ts';
import { lockRewardsOf, lockUnreferred, type MilestonePair, type RewardRow } from './reward-row.ts';
import type { Step } from './run-steps.ts';

/** What became of what was due, and all rewards that were looked at, as they stand now. */
export type Released = { readonly released: number; readonly expired: number; readonly rows: readonly RewardRow[] };

type Due = { readonly tenantId: TenantId; readonly referralIds: readonly ReferralId[]; readonly now: number; /** Left out: true. */ readonly tellsRuns?: boolean };

/**
 * Releases the rewards of these referrals whose hold is over, and lets expire those whose time to be used is. The rows are the
 * truth: what is paused by a dispute or review, or whose run an operator has paused, stays held. Asked again it finds nothing.
 */
export async function releaseDue(tx: Tx, { tenantId, referralIds, now, tellsRuns = true }: Due): Promise<Released> {
  if (referralIds.length === 0) return { released: 0, expired: 0, rows: [] };
  const [, paused, rows] = await Promise.all([
    tx.sql`select 1 from referrals where tenant_id = ${tenantId} and id = any(${referralIds}::text[]) order by id for no key update`.execute(),
    tx.sql<{ id: string }[]>`select id from runs where tenant_id = ${tenantId} and id = any(${referralIds}::text[]) and paused_at is not null and closed_at is null`.execute(),
    lockRewardsOf(tx, tenantId, referralIds, []),
  ]);
  const stays = new Set<string | null>(paused.map(({ id }) => id));
  return moveDue(tx, { tenantId, rows, due: rows.filter(({ referralId }) => !stays.has(referralId)), now, tellsRuns });
}

/** The same for milestones and what runs granted with a hold: nothing keeps their time but the sweep. */
export async function releaseDueMilestones(tx: Tx, { tenantId, pairs, now }: { tenantId: TenantId; pairs: readonly MilestonePair[]; now: number }): Promise<Released> {
  await lockMilestones(tx, tenantId, pairs);
  const rows = await lockUnreferred(tx, tenantId, pairs);
  return moveDue(tx, { tenantId, rows, due: rows, now, tellsRuns: false });
}

async function moveDue(tx: Tx, { tenantId, rows, due, now, tellsRuns }: { tenantId: TenantId; rows: readonly RewardRow[]; due: readonly RewardRow[]; now: number; tellsRuns: boolean }): Promise<Released> {
  const moves = due.flatMap((reward): Step[] => {
    if (mayRelease(reward, now)) return [{ rewardId: reward.id, move: { kind: 'release' } }];
    return mayExpire(reward, now) ? [{ rewardId: reward.id, move: { kind: 'expire' } }] : [];
  });
  if (moves.length === 0) return { released: 0, expired: 0, rows };
  const { changed } = await moveLocked(tx, { tenantId, rows, moves, now, tellsRuns });
  const released = moves.filter(({ move }) => move.kind === 'release').length;
  return { released, expired: moves.length - released, rows: [...new Map([...rows, ...changed].map((row) => [row.id, row])).values()] };
}
