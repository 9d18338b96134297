import { decideInvites, type Accepted, type Candidate, type Offer, type RecipientFacts, type Refused } from './decide-invites.ts';
import { CONSENT_BASES, type RefusalReason } from './refusal-reasons.ts';
import type { PlanFrom } from './take-cap.ts';

/** One invitee as a decision would be taken of them now. */
export type Question = { readonly candidate: Candidate; readonly offer: Offer; readonly facts: RecipientFacts };

/** Everything that stands against an invite, in the order of the rules; and its plan were nothing of it so: null where no time is left. */
export type EveryRefusal = { readonly refusals: readonly Refused[]; readonly planned: Accepted | null };

/**
 * All that would refuse an invitee, where a decision names the first only: the decision itself is asked again and again,
 * each time without what it named. Only a time that cannot be found ends the asking.
 */
export function everyRefusal(question: Question, now: number, plan: PlanFrom): EveryRefusal {
  const refusals: Refused[] = [];
  let asked: Question | null = question;
  while (asked !== null) {
    const [decision] = decideInvites([asked.candidate], asked.offer, asked.facts, now, plan);
    if (decision === undefined) throw new Error('a candidate without a decision');
    if (decision.outcome === 'accepted') return { refusals, planned: decision };
    if (refusals.some(({ reason }) => reason === decision.reason)) throw new Error(`${decision.reason} was taken away and refuses still`);
    refusals.push(decision);
    asked = without(decision.reason, asked);
  }
  return { refusals, planned: null };
}

/** The question with one reason taken away; null where there is no further one to ask. */
function without(reason: RefusalReason, { candidate, offer, facts }: Question): Question | null {
  switch (reason) {
    case 'invalid_invitee': return { candidate: { ...candidate, problem: null }, offer, facts };
    case 'invalid_address': return { candidate: { ...candidate, recipientKey: '' }, offer, facts };
    case 'self_invite': return { candidate: { ...candidate, isInviter: false }, offer, facts };
    case 'no_consent': return { candidate: { ...candidate, consentBasis: CONSENT_BASES[0] }, offer: { ...offer, acceptedBases: CONSENT_BASES }, facts };
    case 'suppressed': return { candidate, offer, facts: { ...facts, suppressed: new Set() } };
    case 'unanswered_cap': return { candidate, offer, facts: { ...facts, unanswering: new Set() } };
    case 'member_already': return { candidate, offer, facts: { ...facts, members: new Set() } };
    case 'duplicate_in_cooling_period': return { candidate, offer, facts: { ...facts, cooling: new Map() } };
    case 'cap_reached': return { candidate, offer: { ...offer, cap: null }, facts };
    case 'no_permitted_time': return null;
  }
}
