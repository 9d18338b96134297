import type { MemberId, PayoutId, ProgramId, ReferralId, RewardId, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { KeptReward } from '../../../src/domain/reward/moves-for-key.ts';
import type { Side } from '../../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../../client.ts';
import type { SqlPart } from '../../read/consent.ts';

/** A reward as its row has it. It stands in a payout while it is released and has one. Instants in epoch ms. */
export type RewardRow = KeptReward & {
  readonly id: RewardId;
  readonly programId: ProgramId;
  readonly programVersion: number;
  /** Null: a milestone's, or granted by a run. */
  readonly referralId: ReferralId | null;
  /** By which run it was granted; null: by no run. */
  readonly runId: RunId | null;
  readonly ruleKey: string;
  readonly side: Side;
  readonly earnedAt: number;
  readonly holdUntil: number;
  readonly expiresAt: number | null;
  readonly payoutId: PayoutId | null;
  /** In which zone its caps' days and months are counted; null: no such cap looked at it. */
  readonly capZone: string | null;
};

/** Whose milestones: one referrer in one program. */
export type MilestonePair = { readonly programId: ProgramId; readonly referrerId: MemberId };

function selectRewards({ sql }: Tx) {
  return sql`
    select w.id, w.program_id as "programId", w.program_version as "programVersion", w.referral_id as "referralId", w.run_id as "runId", w.member_id as "memberId", w.key, w.generation,
           w.rule_key as "ruleKey", w.side, w.unit, w.granted_minor as "grantedMinor", w.taken_back_minor as "takenBackMinor", w.state, w.paused_by as "pausedBy", w.reason,
           w.earned_at as "earnedAt", w.hold_until as "holdUntil", w.expires_at as "expiresAt", w.payout_id as "payoutId", w.cap_zone as "capZone",
           (w.payout_id is not null and w.state = 'released') as "inPayout"
    from rewards w`;
}

/** Rewards by their ids (a select of them), each looked up by its key, locked in the order of the ids. */
function lockByIds(tx: Tx, tenantId: TenantId, ids: SqlPart) {
  return tx.sql<RewardRow[]>`
    select held.* from (select named.id from (${ids}) as named order by named.id offset 0) as n
    cross join lateral (${selectRewards(tx)} where w.tenant_id = ${tenantId} and w.id = n.id limit 1 for no key update) held`;
}

/** These rewards, locked in the order of their ids; what is not there is not in the answer. */
export async function lockRewards(tx: Tx, tenantId: TenantId, ids: readonly RewardId[]): Promise<RewardRow[]> {
  return lockByIds(tx, tenantId, tx.sql`select distinct unnest(${ids}::text[]) as id`);
}

/** All rewards of these referrals, and of these referrers' milestones, locked in the order of their ids. */
export async function lockRewardsOf(tx: Tx, tenantId: TenantId, referralIds: readonly ReferralId[], pairs: readonly MilestonePair[]): Promise<RewardRow[]> {
  const ofMilestones = pairs.length === 0 ? tx.sql`` : tx.sql`union all ${unreferredOf(tx, tenantId, pairs)} where u.run_id is null`;
  return lockByIds(tx, tenantId, tx.sql`
    select o.id from unnest(${[...new Set(referralIds)]}::text[]) as r (id) cross join lateral (select id from rewards where tenant_id = ${tenantId} and referral_id = r.id offset 0) o
    ${ofMilestones}`);
}

/** What these members have in these programs by no referral. */
function unreferredOf(tx: Tx, tenantId: TenantId, pairs: readonly MilestonePair[]) {
  return tx.sql`
    select u.id from unnest(${pairs.map(({ programId }) => programId)}::text[], ${pairs.map(({ referrerId }) => referrerId)}::text[]) as p (program_id, member_id)
    cross join lateral (
      select id, run_id from rewards where tenant_id = ${tenantId} and program_id = p.program_id and member_id = p.member_id and referral_id is null offset 0) u`;
}

/** What these runs granted, locked in the order of their ids. */
export async function lockRewardsOfRuns(tx: Tx, tenantId: TenantId, runIds: readonly RunId[]): Promise<RewardRow[]> {
  return lockByIds(tx, tenantId, tx.sql`
    select o.id from unnest(${[...new Set(runIds)]}::text[]) as r (id) cross join lateral (select id from rewards where tenant_id = ${tenantId} and run_id = r.id offset 0) o`);
}

/** All that these members have in these programs by no referral: milestones and what runs granted, locked in the order of their ids. */
export async function lockUnreferred(tx: Tx, tenantId: TenantId, pairs: readonly MilestonePair[]): Promise<RewardRow[]> {
  return lockByIds(tx, tenantId, unreferredOf(tx, tenantId, pairs));
}
