import type { MemberId, ProgramId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What is due and lies: referrals whose run should have looked by now, and referrers' milestones, which have none. */
export type DueRewards = { readonly referralIds: readonly ReferralId[]; readonly pairs: readonly { readonly programId: ProgramId; readonly referrerId: MemberId }[] };

/** A run is given so long before the sweep does its work. */
export const RUN_IS_LATE_MS = 15 * 60_000;

/**
 * Up to `most` due rewards, the longest overdue first: held ones whose hold is over, released ones whose time to be used is. What
 * is paused, stands in a payout or has a paused run is not due. `passedOver`: referrals, and members' milestones, that are left out.
 */
export async function dueRewards(tx: Tx, { tenantId, now, most, passedOver = [] }: { tenantId: TenantId; now: number; most: number; passedOver?: readonly (ReferralId | MemberId)[] }): Promise<DueRewards> {
  const late = now - RUN_IS_LATE_MS;
  const rows = await tx.sql<{ referralId: ReferralId | null; programId: ProgramId; memberId: MemberId }[]>`
    select referral_id as "referralId", program_id as "programId", member_id as "memberId" from (
      (select w.referral_id, w.program_id, w.member_id, w.hold_until as due_at from rewards w
       where w.tenant_id = ${tenantId} and w.state = 'held' and w.paused_by is null and w.hold_until <= ${now} and (w.referral_id is null or w.hold_until <= ${late}) and ${notHeld(tx)} and ${notPassedOver(tx, passedOver)}
       order by w.hold_until limit ${most})
      union all
      (select w.referral_id, w.program_id, w.member_id, w.expires_at from rewards w
       where w.tenant_id = ${tenantId} and w.state = 'released' and w.paused_by is null and w.payout_id is null and w.expires_at is not null and w.expires_at <= ${now}
         and (w.referral_id is null or w.expires_at <= ${late}) and ${notHeld(tx)} and ${notPassedOver(tx, passedOver)}
       order by w.expires_at limit ${most})
    ) as due order by due_at limit ${most}`;
  const milestones = rows.flatMap(({ referralId, programId, memberId }) => (referralId === null ? [{ programId, referrerId: memberId }] : []));
  return {
    referralIds: [...new Set(rows.flatMap(({ referralId }) => referralId ?? []))].toSorted(),
    pairs: [...new Map(milestones.map((pair) => [`${pair.programId}/${pair.referrerId}`, pair])).values()],
  };
}

function notHeld({ sql }: Tx) {
  return sql`not exists (select from runs r where r.tenant_id = w.tenant_id and r.id = w.referral_id and r.paused_at is not null and r.closed_at is null)`;
}

function notPassedOver({ sql }: Tx, passedOver: readonly string[]) {
  return sql`coalesce(w.referral_id, w.member_id) <> all(${passedOver}::text[])`;
}
