import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { MilestoneRule, Side } from '../../src/domain/reward/reward-terms.ts';
import type { RewardReason } from '../../src/domain/reward/reward-reasons.ts';
import type { RewardState } from '../../src/domain/reward/reward-state.ts';
import type { ProgramCounts } from '../../src/domain/share/milestones-ahead.ts';
import type { Tx } from '../client.ts';

/** Whose page it is, and who is behind it. */
export type ReferralPageOwner = {
  memberId: MemberId;
  tenantName: string;
  fromName: string;
  postalAddress: string;
  publicUrl: string;
  locale: string | null;
  zone: string;
  /** Of the personal link; null while there is none, or after it was revoked. */
  code: string | null;
};

/** `unitTitle`: what the tenant calls a unit of its own; null for a currency. Instants in epoch ms. */
export type RewardOnPage = {
  programTitle: string;
  side: Side;
  /** Null: a milestone's. */
  referral: boolean;
  unit: string;
  unitTitle: string | null;
  grantedMinor: number;
  takenBackMinor: number;
  state: RewardState;
  pausedBy: 'dispute' | 'review' | null;
  reason: RewardReason | null;
  earnedAt: number;
  holdUntil: number;
  expiresAt: number | null;
  inPayout: boolean;
};

export type RefusalOnPage = { programTitle: string; side: Side; reason: RewardReason; earnedAt: number };
export type TotalOnPage = { state: RewardState; unit: string; unitTitle: string | null; amountMinor: number; count: number };
export type ProgramOnPage = ProgramCounts & { programTitle: string; milestones: MilestoneRule[] };

/** Counts, dates and amounts of the member's own; nothing of any friend by itself. */
export type ReferralPageView = {
  counts: ProgramCounts & { visits: number };
  /** The latest first. */
  rewards: RewardOnPage[];
  totals: TotalOnPage[];
  refusals: RefusalOnPage[];
  programs: ProgramOnPage[];
  unitTitles: Record<string, string>;
};

const REWARDS_SHOWN = 20;
const REFUSALS_SHOWN = 10;
const PROGRAMS_SHOWN = 20;

/** A member by our id or the tenant's own; null where there is none. */
export async function referralPageOwner({ sql }: Tx, tenantId: TenantId, member: { memberId: MemberId } | { externalId: string }): Promise<ReferralPageOwner | null> {
  const [row] = await sql<ReferralPageOwner[]>`
    select m.id as "memberId", t.name as "tenantName", t.from_name as "fromName", t.postal_address as "postalAddress", t.public_url as "publicUrl",
           m.locale, coalesce(m.zone, t.zone) as zone, l.code
    from members m join tenants t on t.id = m.tenant_id
    left join links l on l.tenant_id = m.tenant_id and l.member_id = m.id and l.kind = 'personal' and l.revoked_at is null
    where m.tenant_id = ${tenantId} and ${'memberId' in member ? sql`m.id = ${member.memberId}` : sql`m.external_id = ${member.externalId}`}`;
  return row ?? null;
}

/** What became of a member's links, and what the member earned. */
export async function referralPageView(tx: Tx, tenantId: TenantId, memberId: MemberId): Promise<ReferralPageView> {
  const [visits, counts, rewards, totals, refusals, programs, unitTitles] = await Promise.all([
    visitsOf(tx, tenantId, memberId), countsOf(tx, tenantId, memberId), rewardsOf(tx, tenantId, memberId), totalsOf(tx, tenantId, memberId),
    refusalsOf(tx, tenantId, memberId), programsOf(tx, tenantId, memberId), unitTitlesOf(tx, tenantId),
  ]);
  return { counts: { visits, ...counts }, rewards, totals, refusals, programs, unitTitles };
}

/** Openings by people of the links that the member shares; what the tenant's term keeps no more is counted no more. */
async function visitsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<number> {
  const [row] = await sql<{ visits: number }[]>`
    select count(*)::int as visits from touches
    where tenant_id = ${tenantId} and kind = 'click' and why_not is null and code in (
      select code from links where tenant_id = ${tenantId} and member_id = ${memberId} and kind in ('personal', 'share'))`;
  return row?.visits ?? 0;
}

/** Each friend once, however many programs they came through. Who turned out to be the member is no friend; whose payments came to nothing is no customer. */
async function countsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<ProgramCounts> {
  const [row] = await sql<ProgramCounts[]>`
    select count(distinct referee_id)::int as "signedUp", count(distinct referee_id) filter (where activated_at is not null)::int as activated,
           count(distinct referee_id) filter (where qualified_at is not null and state <> 'voided')::int as converted
    from referrals where tenant_id = ${tenantId} and referrer_id = ${memberId} and not self_referral`;
  return row ?? { signedUp: 0, activated: 0, converted: 0 };
}

async function rewardsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<RewardOnPage[]> {
  return sql<RewardOnPage[]>`
    select p.title as "programTitle", r.side, r.referral_id is not null as referral, r.unit, u.title as "unitTitle", r.granted_minor as "grantedMinor",
           r.taken_back_minor as "takenBackMinor", r.state, r.paused_by as "pausedBy", r.reason, r.earned_at as "earnedAt", r.hold_until as "holdUntil",
           r.expires_at as "expiresAt", r.payout_id is not null as "inPayout"
    from rewards r join programs p on p.id = r.program_id left join tenant_units u on u.tenant_id = r.tenant_id and u.unit = r.unit
    where r.tenant_id = ${tenantId} and r.member_id = ${memberId} order by r.created_at desc, r.id desc limit ${REWARDS_SHOWN}`;
}

/** Of what is still somebody's: not of what was taken back. */
async function totalsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<TotalOnPage[]> {
  return sql<TotalOnPage[]>`
    select r.state, r.unit, u.title as "unitTitle", sum(r.granted_minor - r.taken_back_minor)::bigint as "amountMinor", count(*)::int as count
    from rewards r left join tenant_units u on u.tenant_id = r.tenant_id and u.unit = r.unit
    where r.tenant_id = ${tenantId} and r.member_id = ${memberId} and r.state in ('held', 'released', 'redeemed', 'paid')
    group by r.state, r.unit, u.title order by r.unit, r.state`;
}

async function refusalsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<RefusalOnPage[]> {
  return sql<RefusalOnPage[]>`
    select p.title as "programTitle", r.side, r.reason, r.earned_at as "earnedAt" from reward_refusals r join programs p on p.id = r.program_id
    where r.tenant_id = ${tenantId} and r.member_id = ${memberId} order by r.at desc, r.key limit ${REFUSALS_SHOWN}`;
}

/** Programs that go on and have milestones, by their terms of today. */
async function programsOf({ sql }: Tx, tenantId: TenantId, memberId: MemberId): Promise<ProgramOnPage[]> {
  return sql<ProgramOnPage[]>`
    select p.title as "programTitle", v.terms -> 'rewards' -> 'milestones' as milestones, count(r.id)::int as "signedUp",
           count(r.activated_at)::int as activated, count(r.qualified_at) filter (where r.state <> 'voided')::int as converted
    from programs p join program_versions v on v.program_id = p.id and v.version = p.version
    left join referrals r on r.tenant_id = p.tenant_id and r.program_id = p.id and r.referrer_id = ${memberId} and not r.self_referral
    where p.tenant_id = ${tenantId} and p.closed_at is null and p.paused_at is null and jsonb_typeof(v.terms -> 'rewards' -> 'milestones') = 'array'
    group by p.id, p.title, v.terms order by p.id limit ${PROGRAMS_SHOWN}`;
}

async function unitTitlesOf({ sql }: Tx, tenantId: TenantId): Promise<Record<string, string>> {
  const rows = await sql<{ unit: string; title: string }[]>`select unit, title from tenant_units where tenant_id = ${tenantId}`;
  return Object.fromEntries(rows.map(({ unit, title }) => [unit, title]));
}
