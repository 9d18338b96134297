import type { EventDetail } from '../../src/domain/event/event-detail.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { MemberId, PaymentId, ProgramId, ReferralId } from '../../src/domain/ids.ts';
import type { ReferralCourse, RewardFact } from '../../src/domain/reward/facts.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../client.ts';
import type { PaymentChangeKind } from '../schema/payments.ts';
import type { ReferralState } from '../schema/referrals.ts';

/** A referral's row. Instants in epoch ms. */
export type ReferralRow = {
  readonly id: ReferralId;
  readonly programId: ProgramId;
  /** Pinned at the sign-up. */
  readonly programVersion: number;
  readonly referrerId: MemberId;
  readonly refereeId: MemberId;
  readonly state: ReferralState;
  readonly signedUpAt: number;
  readonly activatedAt: number | null;
  readonly qualifiedAt: number | null;
  readonly selfReferral: boolean;
  readonly underReview: boolean;
  readonly movedAt: number;
};

/** A referral with all that is known of it. `terms` null: its program's version rewards nothing. */
export type ReferralFile = { readonly referral: ReferralRow; readonly terms: RewardTerms | null; readonly course: ReferralCourse };

type Told = { id: string; type: 'first_value' | 'plan_upgraded' | 'signed_up'; memberId: MemberId; at: number; detail: EventDetail | null };
type Paid = {
  id: PaymentId; memberId: MemberId; eventId: string; at: number; amountMinor: number; currency: string; product: string | null; country: string | null;
};
type Changed = { id: string; paymentId: PaymentId; kind: PaymentChangeKind; amountMinor: number | null; currency: string | null; disputeId: string | null; at: number };

/**
 * Referrals with their terms and their facts, in the order of their ids; ids that this tenant has not are left out. Locks nothing: who
 * decides by it has locked the referrals. Payments come under their one id, whatever names they were told by.
 */
export async function loadReferralCourses(tx: Tx, referralIds: readonly ReferralId[]): Promise<ReferralFile[]> {
  const rows = referralIds.length === 0 ? [] : await tx.sql<(ReferralRow & { terms: RewardTerms | null })[]>`
    select r.id, r.program_id as "programId", r.program_version as "programVersion", r.referrer_id as "referrerId", r.referee_id as "refereeId", r.state,
           r.signed_up_at as "signedUpAt", r.activated_at as "activatedAt", r.qualified_at as "qualifiedAt", r.self_referral as "selfReferral",
           r.under_review as "underReview", r.moved_at as "movedAt", v.terms -> 'rewards' as terms
    from referrals r join program_versions v on v.program_id = r.program_id and v.version = r.program_version
    where r.id = any(${referralIds}::text[]) order by r.id`;
  if (rows.length === 0) return [];
  const factsOf = await loadFacts(tx, [...new Set(rows.map(({ refereeId }) => refereeId))]);
  return rows.map(({ terms, ...referral }) => ({
    referral,
    terms,
    course: {
      referralId: referral.id,
      referrerId: referral.referrerId,
      refereeId: referral.refereeId,
      facts: factsOf(referral),
      selfReferral: referral.selfReferral,
      underReview: referral.underReview,
    },
  }));
}

/** The referrals of these referrers in these programs, for what a number of friends earns. */
export async function loadReferrerReferralIds(tx: Tx, pairs: readonly { programId: ProgramId; referrerId: MemberId }[]): Promise<ReferralId[]> {
  if (pairs.length === 0) return [];
  const rows = await tx.sql<{ id: ReferralId }[]>`
    select id from referrals
    where tenant_id = current_tenant()
      and (referrer_id, program_id) in (select * from unnest(${pairs.map(({ referrerId }) => referrerId)}::text[], ${pairs.map(({ programId }) => programId)}::text[]))
    order by id`;
  return rows.map(({ id }) => id);
}

async function loadFacts(tx: Tx, refereeIds: readonly MemberId[]): Promise<(referral: ReferralRow) => RewardFact[]> {
  const told = await tx.sql<Told[]>`
    select event_id as id, type, member_id as "memberId", occurred_at as at, detail from events
    where tenant_id = current_tenant() and member_id = any(${refereeIds}::text[]) and type in ('signed_up', 'first_value', 'plan_upgraded')
    order by occurred_at, event_id`;
  const paid = await tx.sql<Paid[]>`
    select id, member_id as "memberId", event_id as "eventId", paid_at as at, amount_minor as "amountMinor", currency, product, country from payments
    where tenant_id = current_tenant() and member_id = any(${refereeIds}::text[]) and merged_into is null order by paid_at, id`;
  const changed = paid.length === 0 ? [] : await tx.sql<Changed[]>`
    select event_id as id, payment_id as "paymentId", kind, amount_minor as "amountMinor", currency, dispute_id as "disputeId", at from payment_changes
    where payment_id = any(${paid.map(({ id }) => id)}::text[]) order by at, event_id`;
  const [toldOf, paidOf, changesOf] = [groupBy(told, ({ memberId }) => memberId), groupBy(paid, ({ memberId }) => memberId), groupBy(changed, ({ paymentId }) => paymentId)];
  return (referral) => [
    ...(toldOf.get(referral.refereeId) ?? []).flatMap((fact) => factTold(fact, referral)),
    ...(paidOf.get(referral.refereeId) ?? []).flatMap((payment) => [factPaid(payment), ...(changesOf.get(payment.id) ?? []).flatMap((change) => factChanged(change, payment))]),
  ];
}

/** Of several sign-ups the one that the credit was decided for is the referral's. */
function factTold({ id, type, at, detail }: Told, { signedUpAt }: ReferralRow): RewardFact[] {
  switch (type) {
    case 'signed_up': return at === signedUpAt ? [{ kind: 'signed_up', id, at, country: detail?.country }] : [];
    case 'first_value': return [{ kind: 'first_value', id, at }];
    case 'plan_upgraded': return detail?.plan === undefined ? [] : [{ kind: 'plan_upgraded', id, at, plan: detail.plan }];
  }
}

function factPaid({ id, eventId, at, amountMinor, currency, product, country }: Paid): RewardFact {
  return { kind: 'converted', id: eventId, at, conversionId: id, amountMinor, currency, product: product ?? undefined, country: country ?? undefined };
}

/** What was told in another currency than the payment's, before that was known, is none of it. */
function factChanged({ id, kind, amountMinor, currency, disputeId, at }: Changed, payment: Paid): RewardFact[] {
  if (currency !== null && currency !== payment.currency) return [];
  if (kind === 'refunded') return [{ kind, id, at, conversionId: payment.id, refundedMinor: amountMinor ?? payment.amountMinor }];
  return disputeId === null ? [] : [{ kind, id, at, conversionId: payment.id, disputeId, amountMinor: amountMinor ?? undefined }];
}
