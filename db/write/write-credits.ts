import { newId } from '../../src/config/new-id.ts';
import type { Claim } from '../../src/domain/credit/claim.ts';
import type { CreditDecision } from '../../src/domain/credit/decide-credit.ts';
import type { MemberId, ProgramId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import { signedUpNotice } from '../../src/domain/notice/notices-of-referrals.ts';
import type { Tx } from '../client.ts';
import { queueNotices } from './queue-notices.ts';
import { announce } from './webhooks/announce.ts';

/** What was decided for one sign-up. `versions`: of each program the one that its referrals keep. */
export type DecidedCredit = {
  readonly refereeId: MemberId;
  readonly signedUpAt: number;
  readonly claims: readonly Claim[];
  readonly decision: CreditDecision;
  readonly versions: ReadonlyMap<ProgramId, number>;
};

type NewReferral = { id: ReferralId; programId: ProgramId; programVersion: number; referrerId: MemberId; refereeId: MemberId; claimId: string; confidence: string; acquisition: boolean; signedUpAt: number };

/** Stores every claim with its outcome, and a referral for each credit; tells the tenant and the referrers of the referrals, and answers them. What is stored stays as it is. */
export async function writeCredits(tx: Tx, { tenantId, decided, now }: { tenantId: TenantId; decided: readonly DecidedCredit[]; now: number }): Promise<ReferralId[]> {
  await writeClaims(tx, tenantId, decided, now);
  const referrals = decided.flatMap(({ refereeId, signedUpAt, decision, versions }) => decision.credited.map(({ programId, referrerId, claimId, confidence, acquisition }): NewReferral => {
    const programVersion = versions.get(programId);
    if (programVersion === undefined) throw new Error('credit was given in a program that is not known');
    return { id: newId('ref', now), programId, programVersion, referrerId, refereeId, claimId, confidence, acquisition, signedUpAt };
  }));
  if (referrals.length === 0) return [];
  const rows = referrals.map((referral) => ({ ...referral, signedUpAt: new Date(referral.signedUpAt).toISOString() }));
  const told = await tx.sql<{ referralId: ReferralId; referrerExternalId: string; refereeExternalId: string }[]>`
    with made as (
      insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, signed_up_at, created_at, moved_at)
      select r.id, ${tenantId}, r."programId", r."programVersion", r."referrerId", r."refereeId", r."claimId", r.confidence, r.acquisition, r."signedUpAt", ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
        id text, "programId" text, "programVersion" integer, "referrerId" text, "refereeId" text, "claimId" text, confidence text, acquisition boolean, "signedUpAt" timestamptz)
      returning id, referrer_id, referee_id
    )
    select made.id as "referralId", a.external_id as "referrerExternalId", b.external_id as "refereeExternalId"
    from made
    cross join lateral (select external_id from members where id = made.referrer_id limit 1) a
    cross join lateral (select external_id from members where id = made.referee_id limit 1) b`;
  const names = new Map(told.map((row) => [row.referralId, row]));
  await announce(tx, {
    tenantId,
    news: referrals.map(({ id, signedUpAt, ...referral }) => ({
      type: 'referral.created', subjectId: id, sequenceOf: id, at: now, data: { ...referral, ...names.get(id), signedUpAt: new Date(signedUpAt).toISOString() },
    })),
    now,
  });
  await queueNotices(tx, { tenantId, notices: referrals.map((referral) => signedUpNotice({ ...referral, at: referral.signedUpAt })), now });
  return referrals.map(({ id }) => id);
}

async function writeClaims(tx: Tx, tenantId: TenantId, decided: readonly DecidedCredit[], now: number): Promise<void> {
  const rows = decided.flatMap(({ refereeId, claims, decision }) => {
    // A visit that was found in several ways is decided once, in its strongest kind, which was found first.
    const kindOf = new Map(claims.toReversed().map((claim) => [claim.id, claim]));
    const told = (claimId: string) => ({ refereeId, id: claimId, at: new Date(kindOf.get(claimId)?.at ?? now).toISOString() });
    return [
      ...decision.credited.map(({ claimId, programId, referrerId, kind }) => ({ ...told(claimId), programId, referrerId, kind, outcome: 'credited' })),
      ...decision.lost.map(({ claimId, programId, referrerId, reason, sameBy, to }) => (
        { ...told(claimId), programId, referrerId, kind: kindOf.get(claimId)?.kind, outcome: 'lost', reason, sameBy, toClaimId: to })),
    ];
  });
  if (rows.length === 0) return;
  await tx.sql`
    insert into credit_claims (tenant_id, referee_id, id, program_id, referrer_id, kind, at, outcome, reason, same_by, to_claim_id, decided_at)
    select ${tenantId}, c."refereeId", c.id, c."programId", c."referrerId", c.kind, c.at, c.outcome, c.reason, c."sameBy", c."toClaimId", ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (
      "refereeId" text, id text, "programId" text, "referrerId" text, kind text, at timestamptz, outcome text, reason text, "sameBy" text, "toClaimId" text)
    on conflict (tenant_id, referee_id, id) do nothing`;
}
