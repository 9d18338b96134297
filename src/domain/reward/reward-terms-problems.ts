import { amount, atMost, quantity, unit, whole } from './number-problems.ts';
import { REWARD_LIMITS } from './reward-terms-limits.ts';
import type { RewardCap, RewardTerms } from './reward-terms.ts';
import { milestoneProblems, ruleProblems } from './rule-problems.ts';

const RULE_KEY = /^[a-z][a-z0-9_]{0,39}$/;

/** What is wrong with reward terms before they are saved, each with its path; empty when they are fine. `tenantUnits`: the units the tenant has defined. */
export function rewardTermsProblems(terms: RewardTerms, tenantUnits: ReadonlySet<string>): string[] {
  const { rules, milestones = [], caps = [], budgets = [], holdDays } = terms;
  const keys = [...rules.map(({ key }, n) => ({ key, path: `rules[${String(n)}].key` })), ...milestones.map(({ key }, n) => ({ key, path: `milestones[${String(n)}].key` }))];
  const units = budgets.map((budget) => budget.unit);
  return [
    ...atMost('rules', rules, REWARD_LIMITS.rules),
    ...atMost('milestones', milestones, REWARD_LIMITS.milestones),
    ...atMost('caps', caps, REWARD_LIMITS.caps),
    ...atMost('budgets', budgets, REWARD_LIMITS.budgets),
    ...whole('holdDays', holdDays, 0, REWARD_LIMITS.holdDays),
    ...keys.flatMap(({ key, path }, n) => keyProblems(key, path, keys.findIndex((other) => other.key === key) < n)),
    ...rules.flatMap((rule, n) => ruleProblems(rule, `rules[${String(n)}]`, tenantUnits)),
    ...milestones.flatMap((rule, n) => milestoneProblems(rule, `milestones[${String(n)}]`, tenantUnits)),
    ...caps.flatMap((cap, n) => capProblems(cap, `caps[${String(n)}]`, new Set(keys.map(({ key }) => key)), tenantUnits)),
    ...budgets.flatMap((budget, n) => [
      ...unit(`budgets[${String(n)}].unit`, budget.unit, tenantUnits),
      ...amount(`budgets[${String(n)}].totalMinor`, budget.totalMinor, 0),
      ...(units.indexOf(budget.unit) < n ? [`budgets[${String(n)}].unit: ${budget.unit} has a budget already`] : []),
    ]),
  ];
}

function keyProblems(key: string, path: string, takenBefore: boolean): string[] {
  if (!RULE_KEY.test(key)) return [`${path}: ${JSON.stringify(key.slice(0, 60))} must begin with a small letter, then up to 39 small letters, digits or _`];
  return takenBefore ? [`${path}: ${JSON.stringify(key)} names another rule already`] : [];
}

function capProblems(cap: RewardCap, path: string, keys: ReadonlySet<string>, tenantUnits: ReadonlySet<string>): string[] {
  return [
    ...('unit' in cap.most ? quantity(`${path}.most`, cap.most, tenantUnits) : whole(`${path}.most.rewards`, cap.most.rewards, 1, REWARD_LIMITS.rewards)),
    ...(cap.rule === undefined || keys.has(cap.rule) ? [] : [`${path}.rule: ${JSON.stringify(cap.rule.slice(0, 60))} is none of the rules`]),
  ];
}
