import { sendRulesProblems } from '../send-time/plan-send.ts';
import type { LawRule } from './law-rule.ts';
import { layerOf } from './law-layer.ts';

/**
 * Do all rules of a book leave some time together? Whoever is bound by fewer has more, so this one question answers for
 * everybody. Dates pass by and are left out. A problem names the smallest set of rules that clash.
 */
export function clashProblems(rules: readonly LawRule[]): string[] {
  if (leavesTime(rules)) return [];
  let clashing = rules;
  for (const rule of rules) {
    const without = clashing.filter((other) => other !== rule);
    if (!leavesTime(without)) clashing = without;
  }
  return [`rules: no time of the year suits ${clashing.map(({ id }) => id).join(', ')} together, so somebody whose place is unknown could never be written to`];
}

function leavesTime(rules: readonly LawRule[]): boolean {
  return sendRulesProblems({ layers: rules.flatMap((rule) => layerOf(rule) ?? []) }).length === 0;
}
