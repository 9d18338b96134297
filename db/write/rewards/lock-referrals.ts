import type { MemberId, ReferralId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { referralsOfReferee } from '../../read/referrals-of-referee.ts';
import type { MilestonePair } from './reward-row.ts';

/**
 * Locks referrals by id, then whose milestones they may move: of their referrers, and of those who had the credit before and were
 * given a milestone. Milestones are counted over referrals that are not locked, so each referrer in a program has a lock of
 * its own (advisory, in key order): who waits for one has locked all its referrals before, so no two can wait for each other.
 */
export async function lockReferrals(tx: Tx, tenantId: TenantId, named: NamedReferrals): Promise<{ referralIds: ReferralId[]; pairs: MilestonePair[] }> {
  if (named.ids.length + (named.refereeIds?.length ?? 0) === 0) return { referralIds: [], pairs: [] };
  // Two statements, sent together: one that waits for a lock would otherwise go on with what it saw before.
  const [locked, pairs] = await Promise.all([
    tx.sql<{ id: ReferralId }[]>`
      select held.id from (${idsOf(tx, named)} order by 1) as n
      cross join lateral (select id from referrals where tenant_id = ${tenantId} and id = n.id limit 1 for no key update) held`.execute(),
    milestonePairs(tx, tenantId, named),
  ]);
  await lockMilestones(tx, tenantId, pairs);
  return { referralIds: locked.map(({ id }) => id), pairs };
}

/** By their ids, or by whom they brought. */
export type NamedReferrals = { readonly ids: readonly ReferralId[]; readonly refereeIds?: readonly MemberId[] | undefined };

function idsOf(tx: Tx, { ids, refereeIds = [] }: NamedReferrals) {
  return tx.sql`
    select unnest(${ids}::text[]) as id
    union select r.id from unnest(${refereeIds}::text[]) as m (id) cross join lateral (${referralsOfReferee(tx, tx.sql`m.id`)} offset 0) r`;
}

async function milestonePairs(tx: Tx, tenantId: TenantId, named: NamedReferrals): Promise<MilestonePair[]> {
  return tx.sql<MilestonePair[]>`
    with touched as materialized (
      select r.* from (${idsOf(tx, named)}) as n
      cross join lateral (select program_id, referrer_id, referee_id from referrals where tenant_id = ${tenantId} and id = n.id limit 1) r
    ), counting as materialized (
      select p.program_id from (select distinct program_id from touched) p
      cross join lateral (select from program_versions where program_id = p.program_id and jsonb_path_exists(terms, '$.rewards.milestones[0]') limit 1) v
    ), counted as materialized (
      select * from touched where program_id in (select program_id from counting)
    )
    select program_id as "programId", referrer_id as "referrerId" from counted
    union
    select t.program_id, c.referrer_id from counted t
    cross join lateral (select referrer_id from credit_claims where tenant_id = ${tenantId} and referee_id = t.referee_id and program_id = t.program_id offset 0) c
    cross join lateral (
      select from rewards where tenant_id = ${tenantId} and program_id = t.program_id and member_id = c.referrer_id and referral_id is null and run_id is null limit 1) w
    order by 1, 2`;
}

/** Locks whose milestones these are. */
export async function lockMilestones(tx: Tx, tenantId: TenantId, pairs: readonly MilestonePair[]): Promise<void> {
  if (pairs.length === 0) return;
  const keys = pairs.map(({ programId, referrerId }) => `milestones/${tenantId}/${programId}/${referrerId}`).toSorted();
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${keys}::text[]) as key`;
}
