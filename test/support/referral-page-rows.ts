import { newId } from '../../src/config/new-id.ts';
import type { MemberId, PayoutId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { MilestoneRule } from '../../src/domain/reward/reward-terms.ts';
import type { RewardState } from '../../src/domain/reward/reward-state.ts';
import { NOON } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';

const DAY_MS = 86_400_000;

export async function idOfMember({ database }: TestApi, { tenantId }: TestTenant, externalId: string): Promise<MemberId> {
  const [row] = await database.superuser<{ id: MemberId }[]>`select id from members where tenant_id = ${tenantId} and external_id = ${externalId}`;
  if (row === undefined) throw new Error(`there is no member ${externalId}`);
  return row.id;
}

type Friend = { programId: ProgramId; referrerId: MemberId; refereeId: MemberId; activated?: boolean; qualified?: boolean; selfReferral?: boolean; voided?: boolean };

/** A referral as its row, by hand. */
export async function putReferral({ database }: TestApi, { tenantId }: TestTenant, { programId, referrerId, refereeId, ...far }: Friend): Promise<string> {
  const id = newId('ref', NOON);
  await database.superuser`
    insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, state, self_referral, signed_up_at, activated_at, qualified_at, created_at, moved_at)
    values (${id}, ${tenantId}, ${programId}, 1, ${referrerId}, ${refereeId}, ${id}, 'high', false, ${far.voided === true ? 'voided' : 'attributed'}, ${far.selfReferral ?? false}, ${NOON}, ${far.activated === true ? NOON : null}, ${far.qualified === true ? NOON : null}, ${NOON}, ${NOON})`;
  return id;
}

type Earned = {
  programId: ProgramId; memberId: MemberId; referralId?: string; side?: 'referrer' | 'referee'; unit?: string; grantedMinor?: number; takenBackMinor?: number;
  state?: RewardState; pausedBy?: 'dispute' | 'review'; reason?: string; holdUntil?: number; expiresAt?: number; inPayout?: boolean;
};

/** A reward as its row, by hand: 15.00 EUR on hold for 30 days unless said otherwise. */
export async function putReward({ database }: TestApi, { tenantId }: TestTenant, { programId, memberId, ...more }: Earned): Promise<void> {
  const id = newId('rew', NOON);
  const payoutId = more.inPayout === true ? newId('pyt', NOON) : null;
  if (payoutId !== null) await putPayout({ database }, { tenantId, memberId, payoutId });
  await database.superuser`
    insert into rewards (id, tenant_id, program_id, program_version, referral_id, member_id, key, generation, rule_key, side, unit, granted_minor, taken_back_minor, state, paused_by, reason,
                         earned_at, hold_until, expires_at, payout_id, created_at, moved_at)
    values (${id}, ${tenantId}, ${programId}, 1, ${more.referralId ?? null}, ${memberId}, ${id}, 0, 'paid', ${more.side ?? 'referrer'}, ${more.unit ?? 'EUR'}, ${more.grantedMinor ?? 1_500}, ${more.takenBackMinor ?? 0},
            ${more.state ?? 'held'}, ${more.pausedBy ?? null}, ${more.reason ?? null}, ${NOON}, ${more.holdUntil ?? NOON + 30 * DAY_MS}, ${more.expiresAt ?? null}, ${payoutId}, ${NOON}, ${NOON})`;
}

async function putPayout({ database }: Pick<TestApi, 'database'>, { tenantId, memberId, payoutId }: { tenantId: TenantId; memberId: MemberId; payoutId: PayoutId }): Promise<void> {
  const batchId = newId('pbt', NOON);
  await database.superuser`insert into payout_batches (id, tenant_id, unit, cut_off, minimum_minor, state, created_at, created_by) values (${batchId}, ${tenantId}, 'EUR', ${NOON}, 0, 'created', ${NOON}, 'test')`;
  await database.superuser`
    insert into payouts (id, tenant_id, batch_id, member_id, unit, state, rewards_minor, created_at, moved_at)
    values (${payoutId}, ${tenantId}, ${batchId}, ${memberId}, 'EUR', 'created', 1500, ${NOON}, ${NOON})`;
}

export async function putRefusal({ database }: TestApi, { tenantId }: TestTenant, { programId, memberId, reason }: { programId: ProgramId; memberId: MemberId; reason: string }): Promise<void> {
  await database.superuser`
    insert into reward_refusals (tenant_id, key, program_id, member_id, rule_key, side, reason, detail, earned_at, at)
    values (${tenantId}, ${newId('rew', NOON)}, ${programId}, ${memberId}, 'paid', 'referrer', ${reason}, 'for operators only', ${NOON}, ${NOON})`;
}

export async function putMilestones({ database }: TestApi, programId: ProgramId, milestones: readonly MilestoneRule[]): Promise<void> {
  await database.superuser`update program_versions set terms = terms || jsonb_build_object('rewards', jsonb_build_object('rules', '[]'::jsonb, 'holdDays', 30, 'milestones', ${JSON.stringify(milestones)}::jsonb)) where program_id = ${programId}`;
}
