import type { RewardId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { findByKeys } from '../by-keys.ts';
import { lockLimits, writeLimits, type KnownLimits } from './lock-limits.ts';
import type { RewardRow } from './reward-row.ts';
import { runSteps, type Grant, type Ran, type Step } from './run-steps.ts';

export type ToCarryOut = { readonly tenantId: TenantId; readonly rows: readonly RewardRow[]; readonly steps: readonly Step[]; readonly grants: readonly Grant[]; readonly now: number; /** Left out: it is looked up. */ readonly known?: KnownLimits };

/** Carries out steps on locked rewards and grants new ones: locks and moves caps and budgets, writes the rows. What it answers is still to be told and booked. */
export async function carryOut(tx: Tx, { tenantId, rows, steps, grants, now, known }: ToCarryOut): Promise<Ran> {
  findByKeys(tx);
  const limits = await lockLimits(tx, { tenantId, rows, steps, grants, known });
  const timesBefore = await timesPaused(tx, steps);
  const ran = runSteps({ rows, steps, grants, limits, timesBefore, now });
  insertRewards(tx, tenantId, ran.granted, now);
  updateRewards(tx, tenantId, ran.changed, now);
  writeLimits(tx, tenantId, limits, ran.states);
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
  if (rows.length > 0) tx.answerLater(tx.sql`${insertOf(tx, tenantId, rows, now)}`);
}

/**
 * The rows are locked and were read under the lock: they are set, never counted on. All of them are there: an insert that always
 * meets its row is an update that goes by the key, whatever is known of the table.
 */
function updateRewards(tx: Tx, tenantId: TenantId, rows: readonly RewardRow[], now: number): void {
  if (rows.length === 0) return;
  tx.answerLater(tx.sql`${insertOf(tx, tenantId, rows, now)}
    on conflict (id) do update set taken_back_minor = excluded.taken_back_minor, state = excluded.state, paused_by = excluded.paused_by, reason = excluded.reason,
      expires_at = excluded.expires_at, moved_at = excluded.moved_at`);
}

function insertOf({ sql }: Tx, tenantId: TenantId, rows: readonly RewardRow[], now: number) {
  return sql`
    insert into rewards (id, tenant_id, program_id, program_version, referral_id, run_id, member_id, key, generation, rule_key, side, unit, granted_minor, taken_back_minor, state,
                         paused_by, reason, earned_at, hold_until, expires_at, cap_zone, created_at, moved_at)
    select n.id, ${tenantId}, n.program_id, n.program_version, n.referral_id, n.run_id, n.member_id, n.key, n.generation, n.rule_key, n.side, n.unit, n.granted_minor, n.taken_back_minor, n.state,
           n.paused_by, n.reason, n.earned_at, n.hold_until, n.expires_at, n.cap_zone, ${now}, ${now}
    from unnest(
      ${rows.map(({ id }) => id)}::text[], ${rows.map(({ programId }) => programId)}::text[], ${rows.map(({ programVersion }) => programVersion)}::int[],
      ${rows.map(({ referralId }) => referralId)}::text[], ${rows.map(({ runId }) => runId)}::text[], ${rows.map(({ memberId }) => memberId)}::text[], ${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ generation }) => generation)}::smallint[], ${rows.map(({ ruleKey }) => ruleKey)}::text[], ${rows.map(({ side }) => side)}::text[],
      ${rows.map(({ unit }) => unit)}::text[], ${rows.map(({ grantedMinor }) => grantedMinor)}::bigint[], ${rows.map(({ takenBackMinor }) => takenBackMinor)}::bigint[],
      ${rows.map(({ state }) => state)}::text[], ${rows.map(({ pausedBy }) => pausedBy)}::text[], ${rows.map(({ reason }) => reason)}::text[],
      ${rows.map(({ earnedAt }) => earnedAt)}::timestamptz[], ${rows.map(({ holdUntil }) => holdUntil)}::timestamptz[], ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[],
      ${rows.map(({ capZone }) => capZone)}::text[]
    ) as n (id, program_id, program_version, referral_id, run_id, member_id, key, generation, rule_key, side, unit, granted_minor, taken_back_minor, state, paused_by, reason, earned_at, hold_until, expires_at, cap_zone)`;
}
