import type { MemberId, PayoutBatchId, PayoutId, TenantId } from '../../../src/domain/ids.ts';
import type { PayoutState } from '../../../src/domain/payout/payout-state.ts';
import type { RailKind } from '../../../src/domain/payout/rails.ts';
import type { Tx } from '../../client.ts';

/** A payout that is locked, with what its rewards came to when it was collected (then: approved), and what is left of them now. */
export type LockedPayout = {
  readonly id: PayoutId;
  readonly batchId: PayoutBatchId;
  readonly memberId: MemberId;
  readonly unit: string;
  readonly state: PayoutState;
  readonly rail: RailKind | null;
  readonly rewardsMinor: number;
  readonly nettedMinor: number;
  readonly providerRef: string | null;
  readonly claimedAt: number | null;
  readonly keyAt: number | null;
  readonly handOvers: number;
  readonly unsureAt: number | null;
  readonly sentAt: number | null;
  readonly rewards: number;
  readonly collectedMinor: number;
  readonly leftMinor: number;
};

/** Locks the rewards of these payouts, then the payouts themselves, each by id: from now on what is left of them stays. */
export async function lockPayouts(tx: Tx, { tenantId, payoutIds }: { tenantId: TenantId; payoutIds: readonly PayoutId[] }): Promise<LockedPayout[]> {
  if (payoutIds.length === 0) return [];
  const ids = [...payoutIds];
  // A statement of its own: the next one sees what those we waited for have changed.
  await tx.sql`select id from rewards where tenant_id = ${tenantId} and payout_id = any(${ids}::text[]) order by id for no key update`;
  return tx.sql<LockedPayout[]>`
    select p.id, p.batch_id as "batchId", p.member_id as "memberId", p.unit, p.state, p.rail, p.rewards_minor as "rewardsMinor", p.netted_minor as "nettedMinor",
           p.provider_ref as "providerRef", p.claimed_at as "claimedAt", p.key_at as "keyAt", p.hand_overs as "handOvers", p.unsure_at as "unsureAt", p.sent_at as "sentAt",
           r.rewards, r.collected_minor as "collectedMinor", r.left_minor as "leftMinor"
    from payouts p cross join lateral (
      select count(*)::int as rewards, coalesce(sum(x.amount_minor), 0)::bigint as collected_minor, coalesce(sum(w.granted_minor - w.taken_back_minor), 0)::bigint as left_minor
      from payout_rewards x join rewards w on w.id = x.reward_id where x.payout_id = p.id
    ) r
    where p.tenant_id = ${tenantId} and p.id = any(${ids}::text[]) order by p.id for no key update of p`;
}

export async function lockPayout(tx: Tx, { tenantId, payoutId }: { tenantId: TenantId; payoutId: PayoutId }): Promise<LockedPayout | null> {
  const [payout] = await lockPayouts(tx, { tenantId, payoutIds: [payoutId] });
  return payout ?? null;
}

/** The payouts of a batch, by id. */
export async function payoutIdsOf(tx: Tx, { tenantId, batchId }: { tenantId: TenantId; batchId: PayoutBatchId }): Promise<PayoutId[]> {
  const rows = await tx.sql<{ id: PayoutId }[]>`select id from payouts where tenant_id = ${tenantId} and batch_id = ${batchId} order by id`;
  return rows.map(({ id }) => id);
}
