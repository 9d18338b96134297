import type { MemberId, ProgramId, ReferralId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { RewardReason } from '../../src/domain/reward/reward-reasons.ts';
import type { Side } from '../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../client.ts';

/** The rule of a refusal that speaks of a whole referral: an operator voided it. */
export const WHOLE_REFERRAL = '*';

/** What was not given, and why. Instants in epoch ms. */
export type RefusalView = {
  readonly key: string;
  readonly programId: ProgramId;
  /** Null: a milestone's. */
  readonly referralId: ReferralId | null;
  /** By which run it was asked for; left out or null: by none. */
  readonly runId?: RunId | null;
  readonly memberId: MemberId;
  readonly ruleKey: string;
  readonly side: Side;
  readonly reason: RewardReason;
  readonly detail: string;
  readonly earnedAt: number;
  readonly at: number;
};

export type RefusalFilter = { readonly memberId?: MemberId | undefined; readonly referralId?: ReferralId | undefined; readonly reason?: RewardReason | undefined };
export type RefusalPlace = { readonly at: number; readonly key: string };

/** Refusals, newest first, after (older than) a place. */
export async function listRefusals(tx: Tx, tenantId: TenantId, page: RefusalFilter & { after: RefusalPlace | null; limit: number }): Promise<RefusalView[]> {
  const { sql } = tx;
  return sql<RefusalView[]>`
    select key, program_id as "programId", referral_id as "referralId", member_id as "memberId", rule_key as "ruleKey", side, reason, detail, earned_at as "earnedAt", at
    from reward_refusals
    where tenant_id = ${tenantId}
      ${page.memberId === undefined ? sql`` : sql`and member_id = ${page.memberId}`}
      ${page.referralId === undefined ? sql`` : sql`and referral_id = ${page.referralId}`}
      ${page.reason === undefined ? sql`` : sql`and reason = ${page.reason}`}
      ${page.after === null ? sql`` : sql`and (at, key) < (${page.after.at}::timestamptz, ${page.after.key})`}
    order by at desc, key desc limit ${page.limit}`;
}

/** Which of these referrals an operator voided, for good. */
export async function voidedAmong({ sql }: Tx, tenantId: TenantId, referralIds: readonly ReferralId[]): Promise<Set<ReferralId>> {
  const rows = await sql<{ referralId: ReferralId }[]>`
    select referral_id as "referralId" from reward_refusals where tenant_id = ${tenantId} and key = any(${referralIds.map(wholeReferralKey)}::text[])`;
  return new Set(rows.map(({ referralId }) => referralId));
}

/** Did an operator void this referral, for good? */
export async function isReferralVoided(tx: Tx, tenantId: TenantId, referralId: ReferralId): Promise<boolean> {
  return (await voidedAmong(tx, tenantId, [referralId])).has(referralId);
}

export function wholeReferralKey(referralId: ReferralId): string {
  return `${referralId}/${WHOLE_REFERRAL}`;
}
