import type { ReferralId, TenantId } from '../../../src/domain/ids.ts';
import { referralState, type ReferralState } from '../../../src/domain/referral/referral-state.ts';
import { lookAtReferral } from '../../../src/domain/referral/look-at-referral.ts';
import type { ReferralLook } from '../../../src/domain/referral/look.ts';
import { readCourse } from '../../../src/domain/reward/read-course.ts';
import type { Tx } from '../../client.ts';
import type { ReferralFile } from '../../read/referral-courses.ts';
import type { News } from '../webhooks/announce.ts';
import type { RewardRow } from './reward-row.ts';
import { newsOfReferral } from './tell-rewards.ts';

type Now = { readonly state: ReferralState; readonly activatedAt: number | null; readonly qualifiedAt: number | null };
export type ReferralNow = { readonly file: ReferralFile; readonly now: Now; readonly isChanged: boolean; readonly look: ReferralLook };

/** How referrals stand after their rewards (all generations) have moved, and what they now wait for. */
export function referralsNow(files: readonly ReferralFile[], rewardsOf: ReadonlyMap<ReferralId | null, readonly RewardRow[]>, voided: ReadonlySet<ReferralId>, at: number): ReferralNow[] {
  return files.map((file): ReferralNow => {
    const { referral, terms, course: { facts } } = file;
    const rewards = rewardsOf.get(referral.id) ?? [];
    const isNone = referral.selfReferral || voided.has(referral.id);
    const course = readCourse(facts);
    const now: Now = { state: referralState({ course, rewards, isNone }), activatedAt: course.firstValueAt, qualifiedAt: course.payments[0]?.at ?? null };
    const isChanged = now.state !== referral.state || now.activatedAt !== referral.activatedAt || now.qualifiedAt !== referral.qualifiedAt;
    return { file, now, isChanged, look: lookAtReferral({ facts, terms, rewards, isNone }, at) };
  });
}

/** Writes those that changed: all of them are there and locked, so that the insert always meets its row and is an update that goes by the key. */
export function writeReferrals(tx: Tx, tenantId: TenantId, referrals: readonly ReferralNow[], at: number): void {
  const changed = referrals.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  tx.answerLater(tx.sql`
    insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, state, self_referral, under_review, signed_up_at, activated_at, qualified_at,
                           created_at, moved_at)
    select r.id, r.tenant_id, r.program_id, r.program_version, r.referrer_id, r.referee_id, r.claim_id, r.confidence, r.acquisition, n.state, r.self_referral, r.under_review, r.signed_up_at,
           n.activated_at, n.qualified_at, r.created_at, ${at}
    from unnest(${changed.map(({ file }) => file.referral.id)}::text[], ${changed.map(({ now }) => now.state)}::text[],
                ${changed.map(({ now }) => now.activatedAt)}::timestamptz[], ${changed.map(({ now }) => now.qualifiedAt)}::timestamptz[]) as n (id, state, activated_at, qualified_at)
    cross join lateral (select * from referrals where tenant_id = ${tenantId} and id = n.id limit 1) r
    on conflict (id) do update set state = excluded.state, activated_at = excluded.activated_at, qualified_at = excluded.qualified_at, moved_at = excluded.moved_at`);
}

/** News of each step that a referral took. Where it goes back to where it began there is nothing to tell. */
export function newsOfReferrals(referrals: readonly ReferralNow[], at: number): News[] {
  return referrals.flatMap(({ file: { referral }, now }) => {
    const steps = new Set<ReferralState>([
      ...(referral.activatedAt === null && now.activatedAt !== null ? ['activated' as const] : []),
      ...(referral.qualifiedAt === null && now.qualifiedAt !== null ? ['qualified' as const] : []),
      ...(now.state === referral.state ? [] : [now.state]),
    ]);
    return [...steps].filter((state) => state !== 'attributed').map((state) => newsOfReferral({ ...referral, state }, at));
  });
}
