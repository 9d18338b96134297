import type { ReferralId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import type { MilestonePair } from './reward-row.ts';

/**
 * Locks referrals by id, then whose milestones they may move: of their referrers, and of those who had the credit before and were
 * given a milestone. Milestones are counted over referrals that are not locked, so each referrer in a program has a lock of
 * its own (advisory, in key order): who waits for one has locked all its referrals before, so no two can wait for each other.
 */
export async function lockReferrals(tx: Tx, tenantId: TenantId, referralIds: readonly ReferralId[]): Promise<MilestonePair[]> {
  if (referralIds.length === 0) return [];
  // Two statements, sent together: one that waits for a lock would otherwise go on with what it saw before.
  const [, pairs] = await Promise.all([
    tx.sql`select 1 from referrals where tenant_id = ${tenantId} and id = any(${referralIds}::text[]) order by id for no key update`,
    milestonePairs(tx, tenantId, referralIds),
  ]);
  await lockMilestones(tx, tenantId, pairs);
  return pairs;
}

async function milestonePairs({ sql }: Tx, tenantId: TenantId, referralIds: readonly ReferralId[]): Promise<MilestonePair[]> {
  return sql<MilestonePair[]>`
    with touched as materialized (
      select program_id, referrer_id, referee_id from referrals where tenant_id = ${tenantId} and id = any(${referralIds}::text[])
    ), counting as materialized (
      select p.program_id from (select distinct program_id from touched) p
      where exists (select from program_versions v where v.program_id = p.program_id and jsonb_path_exists(v.terms, '$.rewards.milestones[0]'))
    )
    select program_id as "programId", referrer_id as "referrerId" from touched where program_id in (select program_id from counting)
    union
    select c.program_id, c.referrer_id from touched t join credit_claims c on c.tenant_id = ${tenantId} and c.referee_id = t.referee_id and c.program_id = t.program_id
    where c.program_id in (select program_id from counting)
      and exists (select from rewards w where w.tenant_id = ${tenantId} and w.program_id = c.program_id and w.member_id = c.referrer_id and w.referral_id is null and w.run_id is null)
    order by 1, 2`;
}

/** Locks whose milestones these are. */
export async function lockMilestones(tx: Tx, tenantId: TenantId, pairs: readonly MilestonePair[]): Promise<void> {
  if (pairs.length === 0) return;
  const keys = pairs.map(({ programId, referrerId }) => `milestones/${tenantId}/${programId}/${referrerId}`).toSorted();
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${keys}::text[]) as key`;
}
