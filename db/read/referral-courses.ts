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
type Changed = {
  id: string; paymentId: PaymentId; kind: PaymentChangeKind; amountMinor: number | null; currency: string | null; disputeId: string | null; refundId: string | null; beforeMinor: number | null; at: number;
};

/**
 * Referrals with their terms and their facts, in the order of their ids; ids that this tenant has not are left out. Locks nothing: who
 * decides by it has locked the referrals. Payments come under their one id, whatever names they were told by.
 */
export async function loadReferralCourses(tx: Tx, referralIds: readonly ReferralId[]): Promise<ReferralFile[]> {
  if (referralIds.length === 0) return [];
  // Sent together: none needs to know what another found.
  const [rows, factsOf] = await Promise.all([loadReferrals(tx, referralIds), loadFacts(tx, referralIds)]);
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

async function loadReferrals(tx: Tx, referralIds: readonly ReferralId[]): Promise<(ReferralRow & { terms: RewardTerms | null })[]> {
  return tx.sql<(ReferralRow & { terms: RewardTerms | null })[]>`
    select r.id, r.program_id as "programId", r.program_version as "programVersion", r.referrer_id as "referrerId", r.referee_id as "refereeId", r.state,
           r.signed_up_at as "signedUpAt", r.activated_at as "activatedAt", r.qualified_at as "qualifiedAt", r.self_referral as "selfReferral",
           r.under_review as "underReview", r.moved_at as "movedAt", v.terms -> 'rewards' as terms
    from unnest(${[...new Set(referralIds)]}::text[]) as n (id)
    cross join lateral (select * from referrals where tenant_id = current_tenant() and id = n.id limit 1) r
    cross join lateral (select terms from program_versions where program_id = r.program_id and version = r.program_version limit 1) v
    order by r.id`;
}

/** The referrals of these referrers in these programs, for what a number of friends earns. */
export async function loadReferrerReferralIds(tx: Tx, pairs: readonly { programId: ProgramId; referrerId: MemberId }[]): Promise<ReferralId[]> {
  if (pairs.length === 0) return [];
  const rows = await tx.sql<{ id: ReferralId }[]>`
    select r.id from unnest(${pairs.map(({ referrerId }) => referrerId)}::text[], ${pairs.map(({ programId }) => programId)}::text[]) as n (referrer_id, program_id)
    cross join lateral (select id from referrals where tenant_id = current_tenant() and referrer_id = n.referrer_id and program_id = n.program_id offset 0) r
    order by r.id`;
  return rows.map(({ id }) => id);
}

async function loadFacts(tx: Tx, referralIds: readonly ReferralId[]): Promise<(referral: ReferralRow) => RewardFact[]> {
  // Each referral, member and payment is looked up by its own key: joined as sets, the database may read all that the tenant has.
  const referees = tx.sql`(
    select distinct r.referee_id as id from unnest(${referralIds}::text[]) as n (id)
    cross join lateral (select referee_id from referrals where tenant_id = current_tenant() and id = n.id limit 1) r offset 0) as referees`;
  const payments = tx.sql`cross join lateral (select * from payments where tenant_id = current_tenant() and member_id = referees.id and merged_into is null order by paid_at offset 0) p`;
  const [told, paid, changed] = await Promise.all([
    tx.sql<Told[]>`
      select e.event_id as id, e.type, e.member_id as "memberId", e.occurred_at as at, e.detail from ${referees}
      cross join lateral (select * from events where tenant_id = current_tenant() and member_id = referees.id and type in ('signed_up', 'first_value', 'plan_upgraded') offset 0) e
      order by e.occurred_at, e.event_id`,
    tx.sql<Paid[]>`
      select p.id, p.member_id as "memberId", p.event_id as "eventId", p.paid_at as at, p.amount_minor as "amountMinor", p.currency, p.product, p.country from ${referees} ${payments}
      order by p.paid_at, p.id`,
    tx.sql<Changed[]>`
      select c.event_id as id, c.payment_id as "paymentId", c.kind, c.amount_minor as "amountMinor", c.currency, c.dispute_id as "disputeId",
             c.refund_id as "refundId", c.before_minor as "beforeMinor", c.at
      from ${referees} ${payments}
      cross join lateral (select * from payment_changes where payment_id = p.id offset 0) c
      order by c.at, c.event_id`,
  ]);
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

/** What was told in another currency than the payment's, before that was known: a refund is none of it, a dispute is of all of it. */
function factChanged({ id, kind, amountMinor, currency, disputeId, refundId, beforeMinor, at }: Changed, payment: Paid): RewardFact[] {
  const isOther = currency !== null && currency !== payment.currency;
  if (kind === 'refunded') return isOther ? [] : [{ kind, id, at, conversionId: payment.id, refundedMinor: amountMinor ?? (beforeMinor ?? 0) + payment.amountMinor, beforeMinor: beforeMinor ?? undefined }];
  if (kind === 'refund_failed') return isOther || refundId === null ? [] : [{ kind, id, at, conversionId: payment.id, refundId, failedMinor: amountMinor ?? 0 }];
  return disputeId === null ? [] : [{ kind, id, at, conversionId: payment.id, disputeId, amountMinor: isOther ? undefined : amountMinor ?? undefined }];
}
