import type { RewardId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { lockLimits, writeLimits, type KnownLimits } from './lock-limits.ts';
import type { RewardRow } from './reward-row.ts';
import { runSteps, type Grant, type Ran, type Step } from './run-steps.ts';

export type ToCarryOut = { readonly tenantId: TenantId; readonly rows: readonly RewardRow[]; readonly steps: readonly Step[]; readonly grants: readonly Grant[]; readonly now: number; /** Left out: it is looked up. */ readonly known?: KnownLimits };

/** Carries out steps on locked rewards and grants new ones: locks and moves caps and budgets, writes the rows. What it answers is still to be told and booked. */
export async function carryOut(tx: Tx, { tenantId, rows, steps, grants, now, known }: ToCarryOut): Promise<Ran> {
  const limits = await lockLimits(tx, { tenantId, rows, steps, grants, known });
  const timesBefore = await timesPaused(tx, steps);
  const ran = runSteps({ rows, steps, grants, limits, timesBefore, now });
  insertRewards(tx, tenantId, ran.granted, now);
  updateRewards(tx, ran.changed, now);
  writeLimits(tx, limits, ran.states);
  return ran;
}

/** Rarely asked: how often a reward was paused and resumed is told by what was booked. */
async function timesPaused({ sql }: Tx, steps: readonly Step[]): Promise<Map<string, number>> {
  const ids = steps.flatMap(({ rewardId, move }): RewardId[] => (move.kind === 'pause' || move.kind === 'resume' ? [rewardId] : []));
  if (ids.length === 0) return new Map();
  const rows = await sql<{ rewardId: RewardId; move: string; times: number }[]>`
    select reward_id as "rewardId", move, count(*)::int as times from transfers where reward_id = any(${ids}::text[]) and move in ('pause', 'resume') group by 1, 2`;
  return new Map(rows.map(({ rewardId, move, times }) => [`${rewardId}:${move}`, times]));
}

function insertRewards(tx: Tx, tenantId: TenantId, rows: readonly RewardRow[], now: number): void {
  if (rows.length === 0) return;
  tx.answerLater(tx.sql`
    insert into rewards (id, tenant_id, program_id, program_version, referral_id, run_id, member_id, key, generation, rule_key, side, unit, granted_minor, state,
                         paused_by, reason, earned_at, hold_until, expires_at, created_at, moved_at)
    select n.id, ${tenantId}, n.program_id, n.program_version, n.referral_id, n.run_id, n.member_id, n.key, n.generation, n.rule_key, n.side, n.unit, n.granted_minor, 'held',
           n.paused_by, n.reason, n.earned_at, n.hold_until, n.expires_at, ${now}, ${now}
    from unnest(
      ${rows.map(({ id }) => id)}::text[], ${rows.map(({ programId }) => programId)}::text[], ${rows.map(({ programVersion }) => programVersion)}::int[],
      ${rows.map(({ referralId }) => referralId)}::text[], ${rows.map(({ runId }) => runId)}::text[], ${rows.map(({ memberId }) => memberId)}::text[], ${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ generation }) => generation)}::smallint[], ${rows.map(({ ruleKey }) => ruleKey)}::text[], ${rows.map(({ side }) => side)}::text[],
      ${rows.map(({ unit }) => unit)}::text[], ${rows.map(({ grantedMinor }) => grantedMinor)}::bigint[], ${rows.map(({ pausedBy }) => pausedBy)}::text[],
      ${rows.map(({ reason }) => reason)}::text[], ${rows.map(({ earnedAt }) => earnedAt)}::timestamptz[], ${rows.map(({ holdUntil }) => holdUntil)}::timestamptz[],
      ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[]
    ) as n (id, program_id, program_version, referral_id, run_id, member_id, key, generation, rule_key, side, unit, granted_minor, paused_by, reason, earned_at, hold_until, expires_at)`);
}

/** The rows are locked and were read under the lock: they are set, never counted on. */
function updateRewards(tx: Tx, rows: readonly RewardRow[], now: number): void {
  if (rows.length === 0) return;
  tx.answerLater(tx.sql`
    update rewards w set taken_back_minor = n.taken_back_minor, state = n.state, paused_by = n.paused_by, reason = n.reason, expires_at = n.expires_at, moved_at = ${now}
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ takenBackMinor }) => takenBackMinor)}::bigint[], ${rows.map(({ state }) => state)}::text[],
                ${rows.map(({ pausedBy }) => pausedBy)}::text[], ${rows.map(({ reason }) => reason)}::text[], ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[])
      as n (id, taken_back_minor, state, paused_by, reason, expires_at)
    where w.id = n.id`);
}
