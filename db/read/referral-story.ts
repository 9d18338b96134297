import type { ClaimFact, PaymentChangeFact, PaymentFact, PayoutStoryFact, ReferralStoryFacts, RefusalFact, RewardStoryFact, RunFact, TransferFact } from '../../src/domain/explain/referral/facts.ts';
import type { DecisionFact } from '../../src/domain/explain/facts.ts';
import type { ReferralId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** More than any referral has that lives as it should; a story never reads without bound. */
const MOST_ROWS = 500;

type Referral = ReferralStoryFacts['referral'];

/** All that is stored of one referral of this tenant and of what hangs on it; null where there is none. Opens no address and no name. */
export async function readReferralStory(tx: Tx, id: ReferralId): Promise<ReferralStoryFacts | null> {
  const [referral] = await tx.sql<Referral[]>`
    select r.id, r.program_id as "programId", v.title as "programTitle", r.program_version as "programVersion", r.referrer_id as "referrerId", r.referee_id as "refereeId",
           r.claim_id as "claimId", r.confidence, r.acquisition, r.state, r.self_referral as "selfReferral", r.under_review as "underReview",
           r.signed_up_at as "signedUpAt", r.created_at as "createdAt"
    from referrals r join program_versions v on v.program_id = r.program_id and v.version = r.program_version where r.id = ${id}`;
  if (referral === undefined) return null;
  const [claims, events, payments, rewards, refusals, run] = await Promise.all([
    readClaims(tx, referral), readEvents(tx, referral), readPayments(tx, referral), readRewards(tx, referral), readRefusals(tx, referral), readRun(tx, referral),
  ]);
  const [changes, transfers, payouts, decisions] = await Promise.all([readChanges(tx, payments), readTransfers(tx, rewards), readPayouts(tx, rewards), readDecisions(tx, referral, rewards)]);
  return { referral, claims, events, payments, changes, rewards, refusals, transfers, payouts, decisions, run };
}

/** Of all programs: who lost a credit to whom is part of the story. */
async function readClaims({ sql }: Tx, { refereeId }: Referral): Promise<ClaimFact[]> {
  return sql<ClaimFact[]>`
    select id, kind, program_id as "programId", referrer_id as "referrerId", at, outcome, reason, same_by as "sameBy", to_claim_id as "toClaimId", decided_at as "decidedAt"
    from credit_claims where tenant_id = current_tenant() and referee_id = ${refereeId} order by at, id limit ${MOST_ROWS}`;
}

async function readEvents({ sql }: Tx, { refereeId }: Referral): Promise<ReferralStoryFacts['events'][number][]> {
  return sql<ReferralStoryFacts['events'][number][]>`
    select event_id as "eventId", type, occurred_at as "occurredAt", received_at as "receivedAt"
    from events where tenant_id = current_tenant() and member_id = ${refereeId} and type in ('signed_up', 'first_value', 'plan_upgraded') order by occurred_at, event_id limit ${MOST_ROWS}`;
}

async function readPayments({ sql }: Tx, { refereeId }: Referral): Promise<PaymentFact[]> {
  return sql<PaymentFact[]>`
    select id, amount_minor as "amountMinor", currency, product, paid_at as "paidAt", event_id as "eventId"
    from payments where tenant_id = current_tenant() and member_id = ${refereeId} and merged_into is null and paid_at is not null order by paid_at, id limit ${MOST_ROWS}`;
}

async function readChanges({ sql }: Tx, payments: readonly PaymentFact[]): Promise<PaymentChangeFact[]> {
  if (payments.length === 0) return [];
  return sql<PaymentChangeFact[]>`
    select event_id as "eventId", payment_id as "paymentId", kind, amount_minor as "amountMinor", dispute_id as "disputeId", refund_id as "refundId", at
    from payment_changes where payment_id = any(${payments.map(({ id }) => id)}::text[]) order by at, event_id limit ${MOST_ROWS}`;
}

/** Its own, and the milestones that its referrer reached in the program by it and others. */
async function readRewards({ sql }: Tx, { id, programId, referrerId }: Referral): Promise<RewardStoryFact[]> {
  return sql<RewardStoryFact[]>`
    select id, member_id as "memberId", side, rule_key as "ruleKey", generation, unit, granted_minor as "grantedMinor", taken_back_minor as "takenBackMinor", state,
           paused_by as "pausedBy", reason, earned_at as "earnedAt", hold_until as "holdUntil", expires_at as "expiresAt", payout_id as "payoutId", created_at as "createdAt"
    from rewards where tenant_id = current_tenant() and (referral_id = ${id} or (referral_id is null and run_id is null and program_id = ${programId} and member_id = ${referrerId}))
    order by created_at, id limit ${MOST_ROWS}`;
}

async function readRefusals({ sql }: Tx, { id }: Referral): Promise<RefusalFact[]> {
  return sql<RefusalFact[]>`
    select key, member_id as "memberId", side, rule_key as "ruleKey", reason, detail, at from reward_refusals where referral_id = ${id} order by at, key limit ${MOST_ROWS}`;
}

async function readTransfers({ sql }: Tx, rewards: readonly RewardStoryFact[]): Promise<TransferFact[]> {
  if (rewards.length === 0) return [];
  return sql<TransferFact[]>`
    select t.id, t.sequence, t.reward_id as "rewardId", t.move, d.kind as debit, c.kind as credit, t.unit, t.amount_minor as "amountMinor", t.booked_at as "bookedAt"
    from transfers t join accounts d on d.id = t.debit_account_id join accounts c on c.id = t.credit_account_id
    where t.reward_id = any(${rewards.map(({ id }) => id)}::text[]) order by t.sequence limit ${MOST_ROWS}`;
}

async function readPayouts({ sql }: Tx, rewards: readonly RewardStoryFact[]): Promise<PayoutStoryFact[]> {
  if (rewards.length === 0) return [];
  return sql<PayoutStoryFact[]>`
    select x.payout_id as "payoutId", x.reward_id as "rewardId", x.amount_minor as "amountMinor", p.state, p.approved_at as "approvedAt", p.ended_at as "endedAt"
    from payout_rewards x join payouts p on p.id = x.payout_id where x.reward_id = any(${rewards.map(({ id }) => id)}::text[]) order by x.payout_id limit ${MOST_ROWS}`;
}

async function readDecisions({ sql }: Tx, { id, createdAt }: Referral, rewards: readonly RewardStoryFact[]): Promise<DecisionFact[]> {
  return sql<DecisionFact[]>`
    select id, subject_id as "subjectId", kind, rule, inputs, actor, at from decisions
    where tenant_id = current_tenant() and at >= ${createdAt} and kind <> 'explain_opened' and subject_id = any(${[id, ...rewards.map((reward) => reward.id)]}::text[])
    order by at, id limit ${MOST_ROWS}`;
}

async function readRun({ sql }: Tx, { id }: Referral): Promise<RunFact | null> {
  const [run] = await sql<RunFact[]>`
    select generation, stage, due_at as "dueAt", cap_at as "capAt", paused_at as "pausedAt", outcome, reason, opened_at as "openedAt", closed_at as "closedAt" from runs where id = ${id}`;
  return run ?? null;
}
