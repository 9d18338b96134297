import type { MemberId, RunId } from '../ids.ts';
import type { EvaluatedReward } from './evaluated-reward.ts';
import { holdTimes } from './hold-times.ts';
import type { Give, RewardRule, RewardTerms, Side } from './reward-terms.ts';

/** What a run grants, and to whom: the member it was started for, and the others in it who are members. `at`: epoch ms. `same`: those of the others who turned out to be that member by another name; `isSelfHelp`: nobody else helped. */
export type RunGrant = { readonly runId: RunId; readonly fact: string; readonly at: number; readonly memberId: MemberId; readonly others: readonly MemberId[]; readonly same?: readonly MemberId[]; readonly isSelfHelp?: boolean };

/**
 * Which rewards a run's grant gives: one for each rule that names its fact, and person. Pure; a key holds run, rule, fact and person, so
 * the same grant asked for twice is one. Nobody has one for being both sides, or for what is for both where there is but one. Says nothing of caps and budgets (`takeLimits`).
 */
export function evaluateRun(terms: RewardTerms, { runId, fact, at, memberId, others, same = [], isSelfHelp = false }: RunGrant): EvaluatedReward[] {
  const referees = [...new Set(others)].filter((id) => id !== memberId).toSorted();
  const people = (to: RewardRule['to']): readonly { side: Side; memberId: MemberId }[] => [
    ...(to === 'referee' ? [] : [{ side: 'referrer', memberId } as const]),
    ...(to === 'referrer' ? [] : referees.map((id) => ({ side: 'referee', memberId: id }) as const)),
  ];
  return terms.rules.filter(({ on }) => on.kind === 'loop' && on.fact === fact).flatMap((rule) =>
    people(rule.to).map((person) => evaluate(rule, person, { runId, fact, at, holdDays: rule.holdDays ?? terms.holdDays, isSelfHelp: (isSelfHelp && rule.to === 'both') || same.includes(person.memberId) })));
}

function evaluate(rule: RewardRule, { side, memberId }: { side: Side; memberId: MemberId }, { runId, fact, at, holdDays, isSelfHelp }: { runId: RunId; fact: string; at: number; holdDays: number; isSelfHelp: boolean }): EvaluatedReward {
  const named = { key: `${runId}/${rule.key}/${side}/${memberId}/${fact}`, ruleKey: rule.key, side, memberId, earnedAt: at };
  if (isSelfHelp) return { ...named, state: 'refused', reason: 'self_referral', detail: 'The member and whoever helped are one person.' };
  const { validFrom = Number.NEGATIVE_INFINITY, validUntil = Number.POSITIVE_INFINITY } = rule;
  if (at < validFrom || at >= validUntil) return { ...named, state: 'refused', reason: 'window_over', detail: 'It happened outside the time in which the rule counts.' };
  return { ...named, state: 'held', ...fixed(rule.give), reason: null, pausedBy: null, ...holdTimes(at, holdDays, rule.expiresAfterDays) };
}

/** Terms with a percentage of what has no payment were never saved. */
function fixed(give: Give): { unit: string; amountMinor: number } {
  if (give.kind !== 'fixed') throw new Error('a run grants fixed amounts only');
  return { unit: give.unit, amountMinor: give.amountMinor };
}
