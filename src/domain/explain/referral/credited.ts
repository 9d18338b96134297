import { CLAIM_KINDS } from '../../credit/claim.ts';
import { LOST_REASONS } from '../../credit/lost-reasons.ts';
import { SAME_BY } from '../../credit/same-person.ts';
import { given } from '../entry.ts';
import { capitalized } from '../say-code.ts';
import type { ReferralEntry } from './entry.ts';
import type { ClaimFact, ReferralStoryFacts } from './facts.ts';

/** What spoke for a referrer, and what became of each claim. */
export function creditedEntries({ claims }: ReferralStoryFacts): ReferralEntry[] {
  return claims.flatMap((claim) => [claimed(claim), claim.outcome === 'credited' ? credited(claim) : lost(claim)]);
}

function claimed({ id, kind, programId, referrerId, at }: ClaimFact): ReferralEntry {
  return {
    at, kind: 'claimed', title: `${capitalized(CLAIM_KINDS[kind].says)} speaks for member ${referrerId}.`,
    rule: 'Every visit, invite and typed code is kept until somebody signs up.',
    inputs: given({ kind, programId, referrerId }), actor: 'visitor', source: { kind: 'claim', id },
  };
}

function credited({ id, kind, programId, referrerId, decidedAt, at }: ClaimFact): ReferralEntry {
  const { confidence } = CLAIM_KINDS[kind];
  return {
    at: decidedAt, kind: 'credited', title: `Member ${referrerId} has the credit.`,
    rule: 'A typed code beats a visit; then counts the last (or first, by program) inside the window; one acquisition credit a new member.',
    inputs: given({ kind, confidence, programId, referrerId, claimedAt: at }), actor: 'credit', source: { kind: 'claim', id },
  };
}

function lost({ id, kind, programId, referrerId, decidedAt, at, reason, sameBy, toClaimId }: ClaimFact): ReferralEntry {
  const why = reason === null ? 'The reason was not kept.' : `${LOST_REASONS[reason]}${sameBy === null ? '' : ` ${SAME_BY[sameBy]}`}`;
  return {
    at: decidedAt, kind: 'not_credited', title: `Member ${referrerId} has no credit by it: ${reason ?? 'unknown'}.`, rule: why,
    inputs: given({ kind, programId, referrerId, claimedAt: at, reason, sameBy, toClaimId }), actor: 'credit', source: { kind: 'claim', id },
  };
}
