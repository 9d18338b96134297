import type { InviteRef } from '../ids.ts';
import { SMS_CONSENT_BASIS } from '../message/fail-over.ts';
import { CONSENT_BASES, type ConsentBasis, type RefusalReason } from './refusal-reasons.ts';
import { takeCap, type CapState, type PlanFrom } from './take-cap.ts';

/** What is known of one invitee when the decision is taken. Hashes are hex: they serve as keys here. */
export type Candidate = {
  n: number;
  /** null: the address is not one a mail can be sent to. */
  recipientKey: string | null;
  consentBasis: string | null;
  /** It is an SMS to somebody whose own opt-in is not on record: no other basis will do. */
  needsOptIn: boolean;
  /** What else about the row cannot be used, as a sentence; null where nothing is wrong. */
  problem: string | null;
  /** Is it the inviter, perhaps under a plus-address? */
  isInviter: boolean;
  /** Zones, places, and a member's own rules where the recipient is one: candidates of one key share a plan. */
  planKey: string;
};

/** What Postgres knows of the recipients, by recipientKey. */
export type RecipientFacts = {
  suppressed: ReadonlySet<string>;
  members: ReadonlySet<string>;
  cooling: ReadonlyMap<string, InviteRef>;
  /** Those who left as many messages unanswered as the tenant allows. */
  unanswering: ReadonlySet<string>;
};

export type Offer = {
  acceptedBases: readonly ConsentBasis[];
  existingMembers: 'refuse' | 'invite';
  /** What the inviter may still send; null: uncapped. */
  cap: CapState | null;
};

export type Accepted = {
  n: number;
  outcome: 'accepted';
  sendAt: number;
  permittedUntil: number;
  why: string;
  planKey: string;
  /** The law's rules that bound it, and the span of the inviter's cap it counts in. */
  law: readonly string[];
  capBucket: string | null;
};
export type Refused = { n: number; outcome: 'refused'; reason: RefusalReason; duplicateOf?: InviteRef | { n: number }; detail?: string };
export type InviteDecision = Accepted | Refused;

/**
 * Decides a request's invitees in their order; one bad row never spoils the others. Rules, first that refuses counts:
 * what else the row says, address, self-invite, consent, suppression, unanswered messages, member already, cooling (also
 * within the request), permitted time, cap. Pure: `plan` answers for a plan key.
 */
export function decideInvites(
  candidates: readonly Candidate[],
  offer: Offer,
  facts: RecipientFacts,
  now: number,
  plan: PlanFrom,
): InviteDecision[] {
  const seen = new Map<string, number>();
  const take = takeCap(offer.cap, now, plan);
  return candidates.map((candidate): InviteDecision => {
    const { n, planKey } = candidate;
    const refusal = refusalByFacts(candidate, offer, facts, seen);
    if (refusal !== null) return { n, outcome: 'refused', ...refusal };
    const taken = take(planKey);
    if (taken.outcome === 'refused') return { n, ...taken };
    if (candidate.recipientKey !== null) seen.set(candidate.recipientKey, n);
    const { sendAt, permittedUntil, why, law } = taken.plan;
    return { n, outcome: 'accepted', sendAt, permittedUntil, why, planKey, law, capBucket: taken.bucket };
  });
}

type Refusal = Pick<Refused, 'reason' | 'duplicateOf' | 'detail'>;

function refusalByFacts(candidate: Candidate, offer: Offer, facts: RecipientFacts, seen: ReadonlyMap<string, number>): Refusal | null {
  const key = candidate.recipientKey;
  if (candidate.problem !== null) return { reason: 'invalid_invitee', detail: candidate.problem };
  if (key === null) return { reason: 'invalid_address' };
  if (candidate.isInviter) return { reason: 'self_invite' };
  if (!isAcceptedBasis(candidate.consentBasis, offer.acceptedBases)) return { reason: 'no_consent' };
  if (candidate.needsOptIn && candidate.consentBasis !== SMS_CONSENT_BASIS) return { reason: 'no_consent', detail: 'An SMS needs the recipient\'s own opt-in.' };
  if (facts.suppressed.has(key)) return { reason: 'suppressed' };
  if (facts.unanswering.has(key)) return { reason: 'unanswered_cap' };
  if (facts.members.has(key) && offer.existingMembers === 'refuse') return { reason: 'member_already' };
  const cooling = facts.cooling.get(key);
  if (cooling !== undefined) return { reason: 'duplicate_in_cooling_period', duplicateOf: cooling };
  const first = seen.get(key);
  return first === undefined ? null : { reason: 'duplicate_in_cooling_period', duplicateOf: { n: first } };
}

function isAcceptedBasis(basis: string | null, accepted: readonly ConsentBasis[]): boolean {
  return CONSENT_BASES.some((known) => known === basis && accepted.includes(known));
}
