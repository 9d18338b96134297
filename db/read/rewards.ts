import type { Id, MemberId, PayoutId, ProgramId, ReferralId, RewardId, TenantId } from '../../src/domain/ids.ts';
import type { AccountKind } from '../../src/domain/ledger/accounts.ts';
import type { PausedBy } from '../../src/domain/reward/evaluated-reward.ts';
import type { RewardReason } from '../../src/domain/reward/reward-reasons.ts';
import type { RewardState } from '../../src/domain/reward/reward-state.ts';
import type { Side } from '../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../client.ts';

/** A reward as its row has it. Instants in epoch ms. */
export type RewardView = {
  readonly id: RewardId;
  readonly programId: ProgramId;
  readonly programVersion: number;
  /** Null: a milestone's. */
  readonly referralId: ReferralId | null;
  readonly memberId: MemberId;
  readonly key: string;
  readonly generation: number;
  readonly ruleKey: string;
  readonly side: Side;
  readonly unit: string;
  readonly grantedMinor: number;
  readonly takenBackMinor: number;
  readonly state: RewardState;
  readonly pausedBy: PausedBy | null;
  readonly reason: RewardReason | null;
  readonly earnedAt: number;
  readonly holdUntil: number;
  readonly expiresAt: number | null;
  readonly payoutId: PayoutId | null;
  readonly createdAt: number;
  readonly movedAt: number;
};

/** One booking of a reward: from which account to which. */
export type RewardTransfer = { readonly id: string; readonly sequence: number; readonly move: string; readonly debit: AccountKind; readonly credit: AccountKind; readonly unit: string; readonly amountMinor: number; readonly bookedAt: number };
/** What an operator did with a reward or its referral. */
export type RewardDecision = { readonly id: Id<'dec'>; readonly kind: string; readonly rule: string; readonly inputs: Readonly<Record<string, unknown>>; readonly actor: string; readonly at: number };

export type RewardFilter = { readonly memberId?: MemberId | undefined; readonly referralId?: ReferralId | undefined; readonly programId?: ProgramId | undefined; readonly state?: RewardState | undefined };

/** More than any reward has that lives as it should. */
const MOST_ROWS = 500;

/** One reward of this tenant, or null. */
export async function readReward(tx: Tx, tenantId: TenantId, id: RewardId): Promise<RewardView | null> {
  const [row] = await tx.sql<RewardView[]>`${selectRewards(tx)} where tenant_id = ${tenantId} and id = ${id}`;
  return row ?? null;
}

/** Rewards, newest first (ids sort by when they were made), after (older than) an id. */
export async function listRewards(tx: Tx, tenantId: TenantId, page: RewardFilter & { after: RewardId | null; limit: number }): Promise<RewardView[]> {
  const { sql } = tx;
  return sql<RewardView[]>`${selectRewards(tx)}
    where tenant_id = ${tenantId}
      ${page.memberId === undefined ? sql`` : sql`and member_id = ${page.memberId}`}
      ${page.referralId === undefined ? sql`` : sql`and referral_id = ${page.referralId}`}
      ${page.programId === undefined ? sql`` : sql`and program_id = ${page.programId}`}
      ${page.state === undefined ? sql`` : sql`and state = ${page.state}`}
      ${page.after === null ? sql`` : sql`and id < ${page.after}`}
    order by id desc limit ${page.limit}`;
}

/** What was booked of a reward, in the ledger's order. */
export async function rewardTransfers({ sql }: Tx, id: RewardId): Promise<RewardTransfer[]> {
  return sql<RewardTransfer[]>`
    select t.id, t.sequence, t.move, d.kind as debit, c.kind as credit, t.unit, t.amount_minor as "amountMinor", t.booked_at as "bookedAt"
    from transfers t join accounts d on d.id = t.debit_account_id join accounts c on c.id = t.credit_account_id
    where t.reward_id = ${id} order by t.sequence limit ${MOST_ROWS}`;
}

/** What operators decided about a reward, by time. */
export async function rewardDecisions({ sql }: Tx, tenantId: TenantId, id: RewardId): Promise<RewardDecision[]> {
  return sql<RewardDecision[]>`
    select id, kind, rule, inputs, actor, at from decisions where tenant_id = ${tenantId} and subject_id = ${id} order by at, id limit ${MOST_ROWS}`;
}

function selectRewards({ sql }: Tx) {
  return sql`
    select id, program_id as "programId", program_version as "programVersion", referral_id as "referralId", member_id as "memberId", key, generation, rule_key as "ruleKey", side,
           unit, granted_minor as "grantedMinor", taken_back_minor as "takenBackMinor", state, paused_by as "pausedBy", reason, earned_at as "earnedAt", hold_until as "holdUntil",
           expires_at as "expiresAt", payout_id as "payoutId", created_at as "createdAt", moved_at as "movedAt"
    from rewards`;
}
