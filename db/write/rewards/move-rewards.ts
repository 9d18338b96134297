import type { ReferralId, TenantId } from '../../../src/domain/ids.ts';
import { noticesOfRewards } from '../../../src/domain/notice/notices-of-rewards.ts';
import type { Tx } from '../../client.ts';
import { bookTransfers } from '../ledger/book-transfers.ts';
import { queueNotices } from '../queue-notices.ts';
import { giveReleasedFreezes } from '../streaks/give-released-freezes.ts';
import { tellRuns } from '../tell-runs.ts';
import { announce, type News } from '../webhooks/announce.ts';
import { carryOut } from './carry-out.ts';
import { lockRewards, type RewardRow } from './reward-row.ts';
import type { Ran, Step, Stepped } from './run-steps.ts';
import { factsForRuns, newsOfReferral, newsOfRewards, type ChangedReferral } from './tell-rewards.ts';

export type { RewardChange, Step as RewardToMove, Stepped as MovedReward } from './run-steps.ts';

/**
 * The one way in which a reward that was granted changes: locks the rewards by id, moves those that may be moved as they now
 * stand, with caps, budgets and books, tells runs and endpoints. Answers each move in the order given; what is not allowed
 * (or was done by somebody else before) is `refused` and changes nothing. A referral of which something is released is `rewarded`.
 * Who moves what belongs to referrals has locked those before; call it once in a transaction, when all else is done.
 */
export async function moveRewards(tx: Tx, { tenantId, moves, now }: { tenantId: TenantId; moves: readonly Step[]; now: number }): Promise<readonly Stepped[]> {
  if (moves.length === 0) return [];
  const rows = await lockRewards(tx, tenantId, [...new Set(moves.map(({ rewardId }) => rewardId))]);
  const { stepped } = await moveLocked(tx, { tenantId, rows, moves, now, tellsRuns: true });
  return stepped;
}

/** The same for rewards that were locked and read before. `tellsRuns` false: their run itself asks. */
export async function moveLocked(tx: Tx, { tenantId, rows, moves, now, tellsRuns }: { tenantId: TenantId; rows: readonly RewardRow[]; moves: readonly Step[]; now: number; tellsRuns: boolean }): Promise<Ran> {
  const ran = await carryOut(tx, { tenantId, rows, steps: moves, grants: [], now });
  const { happened, bookings } = ran;
  const released = happened.flatMap(({ kind, reward }) => (kind === 'release' && reward.referralId !== null ? [reward.referralId] : []));
  const rewarded = await markRewarded(tx, [...new Set(released)], now);
  if (tellsRuns) await tellRuns(tx, { tenantId, facts: factsForRuns(happened, rewarded.states, now), now });
  await Promise.all([
    announce(tx, { tenantId, news: [...newsOfRewards(happened, now), ...rewarded.news], now }),
    queueNotices(tx, { tenantId, notices: noticesOfRewards(happened, now), now }),
  ]);
  await bookTransfers(tx, { tenantId, bookings, now });
  await giveReleasedFreezes(tx, { tenantId, happened, now });
  return ran;
}

/** Something of theirs is the member's own now. */
async function markRewarded(tx: Tx, ids: readonly ReferralId[], now: number): Promise<{ states: ChangedReferral[]; news: News[] }> {
  if (ids.length === 0) return { states: [], news: [] };
  const rows = await tx.sql<{ id: ReferralId; programId: string; referrerId: string; refereeId: string; state: string }[]>`
    update referrals set state = 'rewarded', moved_at = ${now} where id = any(${ids}::text[]) and state not in ('rewarded', 'voided')
    returning id, program_id as "programId", referrer_id as "referrerId", referee_id as "refereeId", state`;
  return { states: rows.map(({ id, state }) => ({ referralId: id, state })), news: rows.map((row) => newsOfReferral(row, now)) };
}
