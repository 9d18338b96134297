import type { MemberId, ProgramId } from '../ids.ts';
import { CLAIM_KINDS, CONFIDENCES, claimedAt, type Claim, type ClaimKind, type Confidence } from './claim.ts';
import type { CreditRule, CreditRules } from './credit-rule.ts';
import type { LostReason } from './lost-reasons.ts';
import { sameBy, type Person, type SameBy } from './same-person.ts';

/** Somebody who signed up, and what else is known when the credit is decided. */
export type SignUp = {
  readonly at: number;
  readonly referee: Person;
  /** The persons behind the claims, by member; one that is missing is judged by its id alone. */
  readonly referrers: ReadonlyMap<MemberId, Person>;
  /** Everybody whom the referee brought, by any number of generations. */
  readonly broughtByReferee: ReadonlySet<MemberId>;
  /** Was an earlier sign-up of this referee credited? Its credits stand. */
  readonly creditedBefore: boolean;
};

export type Credited = {
  readonly claimId: string;
  readonly programId: ProgramId;
  readonly referrerId: MemberId;
  readonly kind: ClaimKind;
  readonly confidence: Confidence;
  readonly at: number;
  /** The one that counts in the graph and in K; false for credits a stackable program gives beside it. */
  readonly acquisition: boolean;
};
export type Lost = {
  readonly claimId: string;
  readonly programId: ProgramId;
  readonly referrerId: MemberId;
  readonly reason: LostReason;
  /** By what they are one person, for `self_referral`. */
  readonly sameBy?: SameBy;
  /** The claim that has the credit instead, for `outranked` and `credited_elsewhere`. */
  readonly to?: string;
};
export type CreditDecision = { readonly credited: readonly Credited[]; readonly lost: readonly Lost[] };

/**
 * Who is credited for a sign-up. Within a program the strongest kind of claim wins, then the last (or first) by time,
 * then the surer, then the smaller id. Of the programs that do not stack the best has the one acquisition credit, always
 * the last by time; stackable ones credit beside it, and have it only where no other claims it. Every claim is answered
 * once, sorted by id: the order in which they come changes nothing, nor does telling one twice. Pure.
 */
export function decideCredit(claims: readonly Claim[], rules: CreditRules, signUp: SignUp): CreditDecision {
  const lost: Lost[] = [];
  const lose = ({ id, programId, referrerId }: Claim, reason: LostReason, more: Pick<Lost, 'sameBy' | 'to'> = {}): void => {
    lost.push({ claimId: id, programId, referrerId, reason, ...more });
  };
  const byProgram = new Map<ProgramId, { rule: CreditRule; eligible: Claim[] }>();
  for (const claim of toldOnce(claims, signUp.at)) {
    const rule = rules.get(claim.programId);
    const against = whatSpeaksAgainst(claim, rule, signUp);
    if (against !== null) lose(claim, against.reason, against.sameBy === undefined ? {} : { sameBy: against.sameBy });
    else if (rule !== undefined) byProgram.set(claim.programId, { rule, eligible: [...(byProgram.get(claim.programId)?.eligible ?? []), claim] });
  }
  const winners = [...byProgram.values()].flatMap(({ rule, eligible }) => {
    const [best, ...others] = eligible.toSorted(better(rule.prefers, signUp.at));
    for (const other of others) if (best !== undefined) lose(other, 'outranked', { to: best.id });
    return best === undefined ? [] : [{ rule, claim: best }];
  });
  const ranked = winners.toSorted((a, b) => Number(a.rule.stackable) - Number(b.rule.stackable) || better('last', signUp.at)(a.claim, b.claim));
  const acquiring = ranked[0]?.claim;
  const credited = ranked.flatMap(({ rule, claim }): Credited[] => {
    if (claim === acquiring || rule.stackable) return [credit(claim, signUp.at, claim === acquiring)];
    lose(claim, 'credited_elsewhere', acquiring === undefined ? {} : { to: acquiring.id });
    return [];
  });
  return { credited: credited.toSorted(byClaimId), lost: lost.toSorted(byClaimId) };
}

/** The first thing that keeps a claim from any credit, in this order. */
function whatSpeaksAgainst(claim: Claim, rule: CreditRule | undefined, signUp: SignUp): { reason: LostReason; sameBy?: SameBy } | null {
  const same = sameBy(signUp.referrers.get(claim.referrerId) ?? { memberId: claim.referrerId }, signUp.referee);
  if (same !== null) return { reason: 'self_referral', sameBy: same };
  if (signUp.broughtByReferee.has(claim.referrerId)) return { reason: 'cycle' };
  if (signUp.creditedBefore) return { reason: 'duplicate' };
  if (rule === undefined || (rule.closedAt !== null && signUp.at >= rule.closedAt)) return { reason: 'program_closed' };
  const at = claimedAt(claim, signUp.at);
  if (at > signUp.at) return { reason: 'after_sign_up' };
  return signUp.at - at < rule.windowMs ? null : { reason: 'window_over' };
}

function better(prefers: CreditRule['prefers'], signedUpAt: number): (a: Claim, b: Claim) => number {
  const later = prefers === 'last' ? -1 : 1;
  return (a, b) =>
    CLAIM_KINDS[b.kind].rank - CLAIM_KINDS[a.kind].rank
    || later * (claimedAt(a, signedUpAt) - claimedAt(b, signedUpAt))
    || CONFIDENCES.indexOf(CLAIM_KINDS[a.kind].confidence) - CONFIDENCES.indexOf(CLAIM_KINDS[b.kind].confidence)
    || compare(a.id, b.id);
}

function credit(claim: Claim, signedUpAt: number, acquisition: boolean): Credited {
  const { id, programId, referrerId, kind } = claim;
  return { claimId: id, programId, referrerId, kind, confidence: CLAIM_KINDS[kind].confidence, at: claimedAt(claim, signedUpAt), acquisition };
}

/** One claim an id: one visit may be found in several ways, and speaks in the strongest. */
function toldOnce(claims: readonly Claim[], signedUpAt: number): Claim[] {
  const order = better('first', signedUpAt);
  const known = new Map<string, Claim>();
  for (const claim of claims) {
    const before = known.get(claim.id);
    if (before === undefined || (order(claim, before) || compare(place(claim), place(before))) < 0) known.set(claim.id, claim);
  }
  return [...known.values()];
}

function place({ programId, referrerId, kind, at }: Claim): string {
  return [programId, referrerId, kind, String(at)].join(' ');
}

function byClaimId(a: { claimId: string }, b: { claimId: string }): number {
  return compare(a.claimId, b.claimId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
