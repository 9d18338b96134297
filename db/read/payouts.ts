import type { MemberId, PayoutBatchId, PayoutId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { PayoutState } from '../../src/domain/payout/payout-state.ts';
import type { RailKind } from '../../src/domain/payout/rails.ts';
import type { PayoutReason } from '../../src/domain/payout/reasons.ts';
import type { Tx } from '../client.ts';

/** A payout as it stands. Amounts in minor units, instants in epoch ms. */
export type PayoutView = {
  id: PayoutId;
  batchId: PayoutBatchId;
  memberId: MemberId;
  externalId: string;
  unit: string;
  state: PayoutState;
  rewardsMinor: number;
  nettedMinor: number;
  takenBackMinor: number;
  rail: RailKind | null;
  reference: string | null;
  handOvers: number;
  reason: PayoutReason | null;
  detail: string | null;
  payeeSealed: Uint8Array | null;
  createdAt: number;
  approvedAt: number | null;
  sentAt: number | null;
  endedAt: number | null;
};

/** A reward in a payout: what was left of it when the payout was collected or approved, and now. */
export type PayoutRewardView = { rewardId: RewardId; amountMinor: number; leftMinor: number };

export type PayoutFilter = { readonly state: PayoutState | null; readonly batchId: PayoutBatchId | null; readonly memberId: MemberId | null };

export async function readPayout(tx: Tx, tenantId: TenantId, id: PayoutId): Promise<PayoutView | null> {
  const [row] = await tx.sql<PayoutView[]>`${selectPayouts(tx, tenantId)} and p.id = ${id}`;
  return row ?? null;
}

/** Payouts, newest first, after (older than) an id. */
export async function listPayouts(tx: Tx, tenantId: TenantId, { after, limit, filter: { state, batchId, memberId } }: { after: string | null; limit: number; filter: PayoutFilter }): Promise<PayoutView[]> {
  return tx.sql<PayoutView[]>`
    ${selectPayouts(tx, tenantId)}
      ${state === null ? tx.sql`` : tx.sql`and p.state = ${state}`}
      ${batchId === null ? tx.sql`` : tx.sql`and p.batch_id = ${batchId}`}
      ${memberId === null ? tx.sql`` : tx.sql`and p.member_id = ${memberId}`}
      ${after === null ? tx.sql`` : tx.sql`and p.id < ${after}`}
    order by p.id desc limit ${limit}`;
}

/** The payouts of a batch by id, after one: for files. */
export async function payoutsOfBatch(tx: Tx, tenantId: TenantId, { batchId, after, limit }: { batchId: PayoutBatchId; after: string; limit: number }): Promise<PayoutView[]> {
  return tx.sql<PayoutView[]>`${selectPayouts(tx, tenantId)} and p.batch_id = ${batchId} and p.id > ${after} order by p.id limit ${limit}`;
}

export async function readPayoutRewards(tx: Tx, tenantId: TenantId, id: PayoutId): Promise<PayoutRewardView[]> {
  return tx.sql<PayoutRewardView[]>`
    select x.reward_id as "rewardId", x.amount_minor as "amountMinor", r.granted_minor - r.taken_back_minor as "leftMinor"
    from payout_rewards x join rewards r on r.id = x.reward_id where x.tenant_id = ${tenantId} and x.payout_id = ${id} order by x.reward_id`;
}

function selectPayouts(tx: Tx, tenantId: TenantId) {
  return tx.sql`
    select p.id, p.batch_id as "batchId", p.member_id as "memberId", m.external_id as "externalId", p.unit, p.state, p.rewards_minor as "rewardsMinor", p.netted_minor as "nettedMinor",
           p.taken_back_minor as "takenBackMinor", p.rail, p.provider_ref as reference, p.hand_overs as "handOvers", p.reason, p.detail, p.payee_sealed as "payeeSealed",
           p.created_at as "createdAt", p.approved_at as "approvedAt", p.sent_at as "sentAt", p.ended_at as "endedAt"
    from payouts p join members m on m.tenant_id = p.tenant_id and m.id = p.member_id
    where p.tenant_id = ${tenantId}`;
}
