import { isCurrency } from '../money/currencies.ts';
import { WHOLE_BASIS_POINTS } from '../money/percent.ts';
import { amount, atMost, eachOnce, quantity, whole } from './number-problems.ts';
import { REWARD_LIMITS } from './reward-terms-limits.ts';
import type { Give, MilestoneRule, RewardConditions, RewardRule, RewardTrigger } from './reward-terms.ts';

const LOOP_FACT = /^[a-z][a-z0-9_]{0,39}$/;
const OF_PAYMENTS: ReadonlySet<RewardTrigger['kind']> = new Set<RewardTrigger['kind']>(['conversion', 'nth_conversion', 'recurring']);

/** What is wrong with one rule, each sentence with its path. */
export function ruleProblems(rule: RewardRule, path: string, tenantUnits: ReadonlySet<string>): string[] {
  const { on, give, when, validFrom, validUntil } = rule;
  return [
    ...(on.kind === 'nth_conversion' ? whole(`${path}.on.n`, on.n, 1, REWARD_LIMITS.nth) : []),
    ...(on.kind === 'recurring' ? whole(`${path}.on.months`, on.months, 1, REWARD_LIMITS.months) : []),
    ...(on.kind === 'loop' ? loopProblems(rule, on.fact, path) : []),
    ...giveProblems(give, on, `${path}.give`, tenantUnits),
    ...(when === undefined ? [] : conditionProblems(when, on, `${path}.when`)),
    ...timeProblems(rule, path),
    ...whole(`${path}.withinDays`, rule.withinDays, 1, REWARD_LIMITS.withinDays),
    ...(validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil ? [`${path}.validUntil: is not after validFrom; no instant would count`] : []),
  ];
}

/** What is wrong with milestones, each sentence with its path. */
export function milestoneProblems(rule: MilestoneRule, path: string, tenantUnits: ReadonlySet<string>): string[] {
  const { tiers } = rule;
  const unordered = tiers.findIndex((tier, place) => place > 0 && tier.reached <= (tiers[place - 1]?.reached ?? 0));
  return [
    ...(tiers.length === 0 ? [`${path}.tiers: is empty; at least one is needed`] : atMost(`${path}.tiers`, tiers, REWARD_LIMITS.tiers)),
    ...tiers.flatMap((tier, place) => [
      ...whole(`${path}.tiers[${String(place)}].reached`, tier.reached, 1, REWARD_LIMITS.reached),
      ...quantity(`${path}.tiers[${String(place)}]`, tier, tenantUnits),
    ]),
    ...(unordered < 0 ? [] : [`${path}.tiers[${String(unordered)}].reached: must be more than the one before it`]),
    ...timeProblems(rule, path),
  ];
}

/** A run has no sign-up, country or payment of its own to set conditions on. */
function loopProblems({ when, withinDays }: RewardRule, fact: string, path: string): string[] {
  return [
    ...(LOOP_FACT.test(fact) ? [] : [`${path}.on.fact: ${JSON.stringify(fact.slice(0, 60))} must begin with a small letter, then up to 39 small letters, digits or _`]),
    ...(when === undefined ? [] : [`${path}.when: speaks of sign-ups and payments; what a run grants has none`]),
    ...(withinDays === undefined ? [] : [`${path}.withinDays: counts from a sign-up; what a run grants has none`]),
  ];
}

function giveProblems(give: Give, on: RewardTrigger, path: string, tenantUnits: ReadonlySet<string>): string[] {
  if (give.kind === 'fixed') return quantity(path, give, tenantUnits);
  return [
    ...(OF_PAYMENTS.has(on.kind) ? [] : [`${path}.kind: a percentage needs a payment; ${on.kind} has none`]),
    ...whole(`${path}.basisPoints`, give.basisPoints, 1, WHOLE_BASIS_POINTS),
    ...(give.most === undefined ? [] : [...currency(`${path}.most.currency`, give.most.currency), ...amount(`${path}.most.amountMinor`, give.most.amountMinor)]),
  ];
}

function conditionProblems({ countries, products, amount: limits }: RewardConditions, on: RewardTrigger, path: string): string[] {
  const needsPayment = (name: string): string[] => (OF_PAYMENTS.has(on.kind) ? [] : [`${path}.${name}: needs a payment; ${on.kind} has none`]);
  const noCountry = countries?.find((code) => !/^[A-Z]{2}$/.test(code));
  return [
    ...(countries === undefined ? [] : [...eachOnce(`${path}.countries`, countries), ...atMost(`${path}.countries`, countries, REWARD_LIMITS.countries)]),
    ...(noCountry === undefined ? [] : [`${path}.countries: ${JSON.stringify(noCountry.slice(0, 20))} is not an ISO 3166 code of two capitals, such as DE`]),
    ...(products === undefined ? [] : [...needsPayment('products'), ...eachOnce(`${path}.products`, products), ...atMost(`${path}.products`, products, REWARD_LIMITS.products)]),
    ...(limits === undefined ? [] : [
      ...needsPayment('amount'),
      ...currency(`${path}.amount.currency`, limits.currency),
      ...amount(`${path}.amount.minMinor`, limits.minMinor, 0),
      ...(limits.maxMinor === undefined ? [] : amount(`${path}.amount.maxMinor`, limits.maxMinor)),
      ...(limits.maxMinor !== undefined && limits.maxMinor < limits.minMinor ? [`${path}.amount.maxMinor: is below minMinor; no payment would count`] : []),
    ]),
  ];
}

function timeProblems({ holdDays, expiresAfterDays }: Pick<RewardRule, 'holdDays' | 'expiresAfterDays'>, path: string): string[] {
  return [
    ...whole(`${path}.holdDays`, holdDays, 0, REWARD_LIMITS.holdDays),
    ...whole(`${path}.expiresAfterDays`, expiresAfterDays, 1, REWARD_LIMITS.expiresAfterDays),
  ];
}

function currency(path: string, code: string): string[] {
  return isCurrency(code) ? [] : [`${path}: ${JSON.stringify(code.slice(0, 20))} is no currency we keep books in (currency_not_supported)`];
}
