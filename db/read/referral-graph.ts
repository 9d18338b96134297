import type { MemberId, ProgramId, ReferralId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { ReferralState } from '../schema/referrals.ts';

/** Somebody who was brought by a member, or by one whom they brought. */
export type BroughtView = {
  generation: number;
  referralId: ReferralId;
  programId: ProgramId;
  externalId: string;
  memberId: MemberId;
  broughtByExternalId: string;
  state: ReferralState;
  signedUpAt: number;
};

/** How many a generation counts, the answer's rows being bounded. */
export type GenerationCount = { generation: number; signedUp: number; activated: number; converted: number };

export type Brought = { members: BroughtView[]; counts: GenerationCount[]; more: boolean };

/** As far as the counts go: beyond it they say "at least". */
export const MOST_COUNTED = 10_000;

/** Whom a member brought, generation by generation, by the acquisition credits: the first `limit` of them, and how many in each generation. */
export async function readBrought(tx: Tx, memberId: MemberId, { generations, limit }: { generations: number; limit: number }): Promise<Brought> {
  const rows = await tx.sql<(BroughtView & { activatedAt: number | null; qualifiedAt: number | null })[]>`
    with recursive brought as (
      select 1 as generation, r.id, r.referee_id from referrals r where r.tenant_id = current_tenant() and r.referrer_id = ${memberId} and r.acquisition
      union all
      select b.generation + 1, r.id, r.referee_id from brought b
      join referrals r on r.tenant_id = current_tenant() and r.referrer_id = b.referee_id and r.acquisition
      where b.generation < ${generations}
    ), bounded as (select * from brought limit ${MOST_COUNTED + 1})
    select g.generation, r.id as "referralId", r.program_id as "programId", m.external_id as "externalId", r.referee_id as "memberId", a.external_id as "broughtByExternalId", r.state,
           r.signed_up_at as "signedUpAt", r.activated_at as "activatedAt", r.qualified_at as "qualifiedAt"
    from bounded g join referrals r on r.id = g.id join members m on m.id = r.referee_id join members a on a.id = r.referrer_id
    order by g.generation, r.signed_up_at, r.id`;
  const counted = rows.slice(0, MOST_COUNTED);
  const counts = Array.from({ length: generations }, (_, place): GenerationCount => {
    const own = counted.filter(({ generation }) => generation === place + 1);
    return {
      generation: place + 1,
      signedUp: own.length,
      activated: own.filter(({ activatedAt }) => activatedAt !== null).length,
      converted: own.filter(({ qualifiedAt }) => qualifiedAt !== null).length,
    };
  });
  return { members: rows.slice(0, limit), counts, more: rows.length > limit };
}

export type TopReferrer = { memberId: MemberId; externalId: string; signedUp: number; activated: number; converted: number };

/** Who brought most, by the acquisition credits: sign-ups, of them those with a first value, and those who paid. One person's own sign-ups do not count. */
export async function readTopReferrers(tx: Tx, { programId, since, limit }: { programId?: ProgramId | undefined; since: number | null; limit: number }): Promise<TopReferrer[]> {
  return tx.sql<TopReferrer[]>`
    select t.referrer_id as "memberId", m.external_id as "externalId", t.signed_up as "signedUp", t.activated, t.converted
    from (
      select referrer_id, count(*)::int as signed_up, count(activated_at)::int as activated, count(qualified_at)::int as converted
      from referrals
      where tenant_id = current_tenant() and acquisition and not self_referral
        ${programId === undefined ? tx.sql`` : tx.sql`and program_id = ${programId}`}
        ${since === null ? tx.sql`` : tx.sql`and signed_up_at >= ${since}`}
      group by referrer_id order by count(*) desc, referrer_id limit ${limit}
    ) t join members m on m.id = t.referrer_id
    order by t.signed_up desc, t.referrer_id`;
}
