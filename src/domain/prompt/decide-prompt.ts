import { pickVariant, type Experiment } from '../experiment/pick-variant.ts';
import type { ProgramId } from '../ids.ts';
import { judgeMoment, type LoopPrompt, type MomentData } from './loop-prompt.ts';
import { promptHold, type PastPrompt, type PromptLimits } from './prompt-limits.ts';

/** What a program says of its loop's prompts. */
export type PromptTerms = { readonly value?: number | undefined; readonly experiment?: Experiment | undefined };

/** A program that might be offered. `shown`, `accepted`: of its last offers. */
export type PromptCandidate = {
  readonly programId: ProgramId;
  readonly programVersion: number;
  readonly loop: string;
  readonly prompt: LoopPrompt;
  readonly terms: PromptTerms;
  readonly shown: number;
  readonly accepted: number;
};

export type PromptQuestion = {
  readonly moment: string;
  readonly data: MomentData;
  /** By which arms are drawn: the same person gets the same arm. */
  readonly personId: string;
  readonly isMinor: boolean;
  readonly parentAllows: boolean;
  readonly candidates: readonly PromptCandidate[];
  readonly history: readonly PastPrompt[];
  readonly limits: PromptLimits;
  readonly now: number;
};

/** Why nothing is offered. Public and stable. */
export const NO_PROMPT_REASONS = {
  no_loop: 'No open program of yours has a loop for this moment.',
  not_eligible: 'What you sent with the moment is not what its loops need.',
  data_missing: 'A field that its loops need was not sent.',
  minor: 'The member is a minor, and no parent has allowed it.',
  holdout: 'The member is in the part of the experiment that is offered nothing.',
  cap_hour: 'The member was asked within the last hour as often as may be.',
  cap_day: 'The member was asked within the last day as often as may be.',
  ignored: 'The member ignored several offers in a row and is left alone for a while.',
  dismissed: 'The member dismissed an offer and is left alone for a while.',
} as const;
export type NoPromptReason = keyof typeof NO_PROMPT_REASONS;

export type PromptDecision =
  | { readonly kind: 'prompt'; readonly candidate: PromptCandidate; readonly variant: string; readonly expiresAt: number }
  | { readonly kind: 'none'; readonly reason: NoPromptReason; /** When to ask again at the earliest; null: it is not a matter of time. */ readonly until: number | null };

/** Two offers accepted of ten stand for what nobody has seen yet: a new loop is neither the best nor the worst. */
const PRIOR = { accepted: 2, shown: 10 };

/**
 * What to offer a member at a moment: of the loops that fit it, the one with the highest expected value (how often it was accepted when
 * shown, times what that is worth); on a tie the one whose id comes first. Pure. Limits come last, so that their reasons mean "not
 * now", and the others "not this".
 */
export function decidePrompt(question: PromptQuestion): PromptDecision {
  const judged = question.candidates.map((candidate) => ({ candidate, verdict: judge(candidate, question) }));
  const fitting = judged.flatMap(({ candidate, verdict }) => (typeof verdict === 'string' ? [] : [{ candidate, variant: verdict.variant }]));
  const best = fitting.toSorted((a, b) => expectedValue(b.candidate) - expectedValue(a.candidate) || (a.candidate.programId < b.candidate.programId ? -1 : 1))[0];
  if (best === undefined) return { kind: 'none', reason: nearest(judged.flatMap(({ verdict }) => (typeof verdict === 'string' ? [verdict] : []))), until: null };
  const hold = promptHold(question.history, question.limits, question.now);
  if (hold !== null) return { kind: 'none', ...hold };
  return { kind: 'prompt', ...best, expiresAt: question.now + best.candidate.prompt.goodForMinutes * 60_000 };
}

export function expectedValue({ shown, accepted, prompt, terms }: PromptCandidate): number {
  return ((accepted + PRIOR.accepted) / (shown + PRIOR.shown)) * (terms.value ?? prompt.value);
}

type Unfit = 'no_loop' | 'not_eligible' | 'data_missing' | 'minor' | 'holdout';

function judge({ prompt, terms }: PromptCandidate, { moment, data, personId, isMinor, parentAllows }: PromptQuestion): Unfit | { readonly variant: string } {
  if (!Object.hasOwn(prompt.moments, moment)) return 'no_loop';
  if (isMinor && (prompt.minors === 'never' || (prompt.minors === 'parent_allows' && !parentAllows))) return 'minor';
  const fit = judgeMoment(prompt, moment, data);
  if (fit === 'not_eligible') return 'not_eligible';
  if (fit === 'missing' && prompt.whenDataIsMissing === 'skip') return 'data_missing';
  const variant = terms.experiment === undefined ? 'default' : pickVariant(terms.experiment, personId);
  return variant === null ? 'holdout' : { variant };
}

/** The reason that came nearest to an offer. */
function nearest(reasons: readonly Unfit[]): Unfit {
  const order: readonly Unfit[] = ['holdout', 'minor', 'data_missing', 'not_eligible'];
  return order.find((reason) => reasons.includes(reason)) ?? 'no_loop';
}
