import type { Confidence } from '../../src/domain/credit/claim.ts';
import type { SameBy } from '../../src/domain/credit/same-person.ts';
import type { MemberId, PaymentId, ProgramId, ReferralId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { referralsOfReferee } from './referrals-of-referee.ts';
import type { PaymentChangeKind } from '../schema/payments.ts';
import type { ReferralState, StoredClaimKind, StoredLostReason } from '../schema/referrals.ts';

/** A referral with the tenant's own ids of both sides; no personal data. Instants in epoch ms. */
export type ReferralView = {
  id: ReferralId;
  programId: ProgramId;
  programVersion: number;
  referrerId: MemberId;
  referrerExternalId: string;
  refereeId: MemberId;
  refereeExternalId: string;
  claimId: string;
  claimKind: StoredClaimKind | null;
  confidence: Confidence;
  acquisition: boolean;
  state: ReferralState;
  selfReferral: boolean;
  underReview: boolean;
  signedUpAt: number;
  activatedAt: number | null;
  qualifiedAt: number | null;
  createdAt: number;
  movedAt: number;
};

export type ReferralFilter = { programId?: ProgramId | undefined; referrer?: string | undefined; referee?: string | undefined; state?: ReferralState | undefined };

/** The tenant's referrals, newest first (their ids begin with when they were made), after (older than) one of them. Referrer and referee by the tenant's own ids. */
export async function listReferrals(tx: Tx, { after, limit, filter }: { after: ReferralId | null; limit: number; filter: ReferralFilter }): Promise<ReferralView[]> {
  const memberOf = (externalId: string) => tx.sql`(select id from members where tenant_id = current_tenant() and external_id = ${externalId})`;
  return tx.sql<ReferralView[]>`${select(tx)}
    where r.tenant_id = current_tenant()
      ${filter.programId === undefined ? tx.sql`` : tx.sql`and r.program_id = ${filter.programId}`}
      ${filter.referrer === undefined ? tx.sql`` : tx.sql`and r.referrer_id = ${memberOf(filter.referrer)}`}
      ${filter.referee === undefined ? tx.sql`` : tx.sql`and r.id in (select id from (${referralsOfReferee(tx, memberOf(filter.referee))}) as own)`}
      ${filter.state === undefined ? tx.sql`` : tx.sql`and r.state = ${filter.state}`}
      ${after === null ? tx.sql`` : tx.sql`and r.id < ${after}`}
    order by r.id desc limit ${limit}`;
}

/** One referral of this tenant; null where there is none. */
export async function readReferral(tx: Tx, id: ReferralId): Promise<ReferralView | null> {
  const [row] = await tx.sql<ReferralView[]>`${select(tx)} where r.tenant_id = current_tenant() and r.id = ${id}`;
  return row ?? null;
}

function select({ sql }: Tx) {
  return sql`
    select r.id, r.program_id as "programId", r.program_version as "programVersion", r.referrer_id as "referrerId", a.external_id as "referrerExternalId",
           r.referee_id as "refereeId", b.external_id as "refereeExternalId", r.claim_id as "claimId", c.kind as "claimKind", r.confidence, r.acquisition, r.state,
           r.self_referral as "selfReferral", r.under_review as "underReview", r.signed_up_at as "signedUpAt", r.activated_at as "activatedAt",
           r.qualified_at as "qualifiedAt", r.created_at as "createdAt", r.moved_at as "movedAt"
    from referrals r join members a on a.id = r.referrer_id join members b on b.id = r.referee_id
    left join credit_claims c on c.tenant_id = r.tenant_id and c.referee_id = r.referee_id and c.id = r.claim_id`;
}

/** What spoke for a referrer, and what became of it. */
export type ClaimView = {
  id: string;
  kind: StoredClaimKind;
  programId: ProgramId;
  referrerExternalId: string;
  at: number;
  outcome: 'credited' | 'lost';
  reason: StoredLostReason | null;
  sameBy: SameBy | null;
  toClaimId: string | null;
  decidedAt: number;
};

/** Every claim on a referee, of all programs, by time. */
export async function readClaims(tx: Tx, refereeId: MemberId): Promise<ClaimView[]> {
  return tx.sql<ClaimView[]>`
    select c.id, c.kind, c.program_id as "programId", m.external_id as "referrerExternalId", c.at, c.outcome, c.reason, c.same_by as "sameBy", c.to_claim_id as "toClaimId", c.decided_at as "decidedAt"
    from credit_claims c join members m on m.id = c.referrer_id
    where c.tenant_id = current_tenant() and c.referee_id = ${refereeId} order by c.at, c.id limit ${MOST_ROWS}`;
}

export type PaymentChangeView = { eventId: string; paymentId: PaymentId; kind: PaymentChangeKind; amountMinor: number | null; currency: string | null; disputeId: string | null; refundId: string | null; at: number };
export type PaymentView = { id: PaymentId; names: string[]; amountMinor: number; currency: string; product: string | null; country: string | null; paidAt: number; eventId: string; changes: PaymentChangeView[] };

/** More than a referral has that lives as it should. */
const MOST_ROWS = 500;

/** A member's payments with what was said of them later, by time; by what they were paid stays here. */
export async function readPayments(tx: Tx, memberId: MemberId): Promise<PaymentView[]> {
  const payments = await tx.sql<Omit<PaymentView, 'changes'>[]>`
    select p.id, array(select n.name from payment_names n where n.payment_id = p.id order by n.name) as names, p.amount_minor as "amountMinor", p.currency,
           p.product, p.country, p.paid_at as "paidAt", p.event_id as "eventId"
    from payments p where p.tenant_id = current_tenant() and p.member_id = ${memberId} and p.merged_into is null order by p.paid_at, p.id limit ${MOST_ROWS}`;
  const changes = payments.length === 0 ? [] : await tx.sql<PaymentChangeView[]>`
    select event_id as "eventId", payment_id as "paymentId", kind, amount_minor as "amountMinor", currency, dispute_id as "disputeId", refund_id as "refundId", at
    from payment_changes where payment_id = any(${payments.map(({ id }) => id)}::text[]) order by at, event_id`;
  return payments.map((payment) => ({ ...payment, changes: changes.filter(({ paymentId }) => paymentId === payment.id) }));
}
