import type { ProgramId } from '../ids.ts';

const DAY_MS = 86_400_000;

/** What a program says of credit, as it is at the sign-up. */
export type CreditRule = {
  /** How far it looks back: a visit at t speaks for a sign-up from t up to, not including, t + windowMs. */
  readonly windowMs: number;
  /** Which of several visits of one rank has it. */
  readonly prefers: 'last' | 'first';
  /** Does it credit beside another program? It then never takes the acquisition credit from one that does not. */
  readonly stackable: boolean;
  /** From when on (epoch ms) it takes no more sign-ups; null: open. */
  readonly closedAt: number | null;
};

/** Seven times 24 hours, by no calendar; the last visit; one credit. */
export const DEFAULT_CREDIT_RULE: CreditRule = { windowMs: 7 * DAY_MS, prefers: 'last', stackable: false, closedAt: null };

export const CREDIT_LIMITS = { leastWindowMs: 60_000, mostWindowMs: 365 * DAY_MS } as const;

export type CreditRules = ReadonlyMap<ProgramId, CreditRule>;

/** What is wrong with a rule that is about to be saved, each with its path; empty when it is fine. */
export function creditRuleProblems({ windowMs }: Pick<CreditRule, 'windowMs'>): string[] {
  const { leastWindowMs, mostWindowMs } = CREDIT_LIMITS;
  return Number.isSafeInteger(windowMs) && windowMs >= leastWindowMs && windowMs <= mostWindowMs
    ? []
    : [`windowMs: is ${String(windowMs)}; a whole number from ${String(leastWindowMs)} (a minute) to ${String(mostWindowMs)} (365 days) is needed`];
}
