import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { loadReferralCourses } from '../../db/read/referral-courses.ts';
import { voidedAmong } from '../../db/read/reward-refusals.ts';
import { releaseDue } from '../../db/write/rewards/release-due.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import { asId, type ReferralId, type TenantId } from '../../src/domain/ids.ts';
import { lookAtReferral } from '../../src/domain/referral/look-at-referral.ts';
import type { ReferralLook } from '../../src/domain/referral/look.ts';

export type SettleReferralDeps = { db: Database; clock: Clock };
export type SettleReferralInput = { tenantId: string; referralId: string };

/**
 * A referral's run looks at its rows: what is held until now is released, what can no longer be used expires, unless an
 * operator paused the run; then it says what is next. One transaction; asked again it finds nothing to do and says the same.
 */
export async function settleReferral(deps: SettleReferralDeps, input: SettleReferralInput): Promise<ReferralLook> {
  const referralId = asId('ref', input.referralId);
  const look = (await settleReferrals(deps, asId('tnt', input.tenantId), [referralId])).get(referralId);
  if (look === undefined) throw new Error(`no referral ${referralId}`);
  return look;
}

/** The same for several of one tenant, in one transaction; who is not there is not in the answer. */
export async function settleReferrals({ db, clock }: SettleReferralDeps, tenantId: TenantId, referralIds: readonly ReferralId[]): Promise<ReadonlyMap<ReferralId, ReferralLook>> {
  return db.asTenant(tenantId, async (tx) => {
    // Under the lock, and before anything is booked: whoever has the books' lock asks for nothing more.
    await tx.sql`select 1 from referrals where tenant_id = ${tenantId} and id = any(${referralIds}::text[]) order by id for no key update`;
    const now = clock.now();
    const [files, voided] = await Promise.all([loadReferralCourses(tx, referralIds), voidedAmong(tx, tenantId, referralIds)]);
    const { rows } = await releaseDue(tx, { tenantId, referralIds, now, tellsRuns: false });
    const rewardsOf = groupBy(rows, (row) => row.referralId);
    return new Map(files.map(({ referral, terms, course }) => {
      const isNone = referral.selfReferral || voided.has(referral.id);
      return [referral.id, lookAtReferral({ facts: course.facts, terms, rewards: rewardsOf.get(referral.id) ?? [], isNone }, now)];
    }));
  });
}
