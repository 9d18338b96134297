import { madeAt, isId, type MemberId, type ReferralId, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { hasLiveRuns, tellHappenings } from './tell-happenings.ts';

/** `at`: when who came got to first value (epoch ms). */
export type ActivatedReferral = { readonly id: ReferralId; readonly referrerId: MemberId; readonly at: number };

/** What a role may hear of: somebody who came by this run's link got to first value. Its fact carries `referralId`. */
export const REFERRAL_ACTIVATED = 'referral_activated';

/** Clocks of two machines. */
const CLOCK_AHEAD_MS = 3_600_000;

/**
 * Tells the run by whose link somebody came that they got to first value, where its referrer hears of that. One look that ends at an index where
 * no open run of the referrers does. Whose link it was is what the credit was given for: the visit, the typed code, the guest or the
 * invite; credit that an operator gave names none. Locks the runs that are told.
 */
export async function tellOfActivated(tx: Tx, { tenantId, referrals, now }: { tenantId: TenantId; referrals: readonly ActivatedReferral[]; now: number }): Promise<void> {
  if (referrals.length === 0) return;
  const heard = await tx.sql<{ id: ReferralId; claimId: string }[]>`
    select f.id, f.claim_id as "claimId" from unnest(${referrals.map(({ id }) => id)}::text[]) as n (id)
    join referrals f on f.tenant_id = ${tenantId} and f.id = n.id
    where ${hasLiveRuns(tx, tenantId)} and exists (
      select from run_people p join runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.closed_at is null
      where p.tenant_id = ${tenantId} and p.person_id = f.referrer_id and p.hears ? ${REFERRAL_ACTIVATED})`;
  if (heard.length === 0) return;
  const runs = await runsOfClaims(tx, tenantId, heard);
  await tellHappenings(tx, { tenantId, now, happenings: referrals.flatMap(({ id, referrerId, at }) => {
    const runId = runs.get(id);
    return runId === undefined ? [] : [{ personId: referrerId, runId, type: REFERRAL_ACTIVATED, id: `${id}:activated`, at, data: { referralId: id } }];
  }) });
}

/** By whose run's link each came; left out: by none's. A claim's id is that of the fact it stands for. */
async function runsOfClaims(tx: Tx, tenantId: TenantId, claims: readonly { id: ReferralId; claimId: string }[]): Promise<Map<ReferralId, RunId>> {
  const visitAt = claims.map(({ claimId }) => (isId('tch', claimId) ? madeAt(claimId) : null));
  const rows = await tx.sql<{ id: ReferralId; runId: RunId | null }[]>`
    select c.id, coalesce(
      (select l.run_id from touches t join links l on l.code = t.code
       where t.tenant_id = ${tenantId} and t.id = c.claim and t.recorded_at between c.visit_at - make_interval(secs => ${CLOCK_AHEAD_MS / 1000}) and c.visit_at + make_interval(secs => ${CLOCK_AHEAD_MS / 1000})),
      (select g.run_id from guests g where g.tenant_id = ${tenantId} and g.id = c.claim),
      (select b.run_id from invite_batches b where b.tenant_id = ${tenantId} and c.claim like 'inv%' and b.id = 'bat_' || substr(c.claim, 5, 26)),
      (select l.run_id from events e join links l on l.code = e.code where e.tenant_id = ${tenantId} and c.claim like 'code:%' and e.event_id = substr(c.claim, 6))) as "runId"
    from unnest(${claims.map(({ id }) => id)}::text[], ${claims.map(({ claimId }) => claimId)}::text[], ${visitAt}::timestamptz[]) as c (id, claim, visit_at)`;
  return new Map(rows.flatMap(({ id, runId }): [ReferralId, RunId][] => (runId === null ? [] : [[id, runId]])));
}
