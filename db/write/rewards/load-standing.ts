import type { ReferralId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { loadReferralCourses, loadReferrerReferralIds, type ReferralFile } from '../../read/referral-courses.ts';
import { wholeReferralKey, type RefusalView } from '../../read/reward-refusals.ts';
import { lockRewardsOf, type MilestonePair, type RewardRow } from './reward-row.ts';

/** What was not given, and why. */
export type Refusal = Omit<RefusalView, 'at'>;

/** All that is known of referrals and of the milestones they count for, read under their locks. */
export type Standing = {
  readonly touched: readonly ReferralId[];
  readonly pairs: readonly MilestonePair[];
  /** Those touched, and all others of the pairs. */
  readonly files: readonly ReferralFile[];
  readonly rows: readonly RewardRow[];
  readonly refusals: readonly Refusal[];
  /** The tenant's: a cap's days and months are of it. */
  readonly zone: string;
};

export async function loadStanding(tx: Tx, { tenantId, touched, pairs }: { tenantId: TenantId; touched: readonly ReferralId[]; pairs: readonly MilestonePair[] }): Promise<Standing> {
  const others = await loadReferrerReferralIds(tx, pairs);
  const ids = [...new Set([...touched, ...others])];
  const [files, rows, refusals, [tenant]] = await Promise.all([
    loadReferralCourses(tx, ids),
    lockRewardsOf(tx, tenantId, touched, pairs),
    loadRefusals(tx, tenantId, { touched, ids, pairs }),
    tx.sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`,
  ]);
  return { touched, pairs, files, rows, refusals, zone: tenant?.zone ?? 'UTC' };
}

async function loadRefusals({ sql }: Tx, tenantId: TenantId, { touched, ids, pairs }: { touched: readonly ReferralId[]; ids: readonly ReferralId[]; pairs: readonly MilestonePair[] }): Promise<Refusal[]> {
  const isTouched = new Set(touched);
  // Of those touched all; of the others whether they were voided; each found by a key of its own.
  const ofMilestones = pairs.length === 0 ? sql`` : sql`
    union all
    select o.* from unnest(${ids.filter((id) => !isTouched.has(id)).map(wholeReferralKey)}::text[]) as n (key)
    cross join lateral (select * from reward_refusals where tenant_id = ${tenantId} and key = n.key limit 1) o
    union all
    select m.* from unnest(${pairs.map(({ programId }) => programId)}::text[], ${pairs.map(({ referrerId }) => referrerId)}::text[]) as n (program_id, member_id)
    cross join lateral (
      select * from reward_refusals where tenant_id = ${tenantId} and member_id = n.member_id and program_id = n.program_id and referral_id is null and run_id is null offset 0) m`;
  return sql<Refusal[]>`
    select key, program_id as "programId", referral_id as "referralId", member_id as "memberId", rule_key as "ruleKey", side, reason, detail, earned_at as "earnedAt"
    from (
      select t.* from unnest(${touched}::text[]) as n (id) cross join lateral (select * from reward_refusals where tenant_id = ${tenantId} and referral_id = n.id offset 0) t
      ${ofMilestones}
    ) as found`;
}
