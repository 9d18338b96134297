import { PROBLEM_CODES, PROBLEM_KINDS } from '../api/problems.ts';
import type { RateRule } from '../domain/limits/rate-rule.ts';
import { FLOWS, memberRule, PUBLIC_RULES, TIERS, tierRule } from '../domain/limits/tiers.ts';
import { REFUSAL_REASONS } from '../domain/invite/refusal-reasons.ts';
import { DELIVERY_REASONS, DELIVERY_STATES } from '../domain/webhook/delivery-states.ts';
import { loopRows } from './loop-tables.ts';
import { WEBHOOK_TYPES } from '../domain/webhook/types.ts';

/** A page with the tables of problems, of refused invites, of rate limits, of webhooks and of loops as the code has them, where it has places for them. */
export function apiTables(text: string): string {
  const page = put(webhookTables(text), 'loops', ['loop', 'what it is', 'a start says', 'events it hears', 'how it may end', 'its numbers'], loopRows());
  const problems = PROBLEM_CODES.map((code) => {
    const { status, title, advice } = PROBLEM_KINDS[code];
    return [String(status), `\`${code}\``, title, advice];
  });
  const refusals = Object.entries(REFUSAL_REASONS).map(([reason, says]) => [`\`${reason}\``, says]);
  const rates = [...FLOWS.map((flow) => [`\`${flow}\``, ...TIERS.map((tier) => sayRate(tierRule(tier, flow)))]),
    ['`member`', ...TIERS.map((tier) => sayRate(memberRule(tier)))],
    ...Object.values(PUBLIC_RULES).map((rule) => [`\`${rule.name}\``, ...TIERS.map(() => sayRate(rule))])];
  const limited = put(page, 'tiers', ['limit', ...TIERS.map((tier) => `\`${tier}\``)], rates);
  return put(put(limited, 'problems', ['status', 'code', 'what happened', 'what to do'], problems), 'refusals', ['reason', 'means'], refusals);
}

function webhookTables(page: string): string {
  const types = Object.entries(WEBHOOK_TYPES).map(([type, { says, data }]) => [`\`${type}\``, says, Object.entries(data).map(([field, kind]) => `\`${field}\` ${kind}`).join(', ')]);
  const [states, reasons] = [DELIVERY_STATES, DELIVERY_REASONS].map((table) => Object.entries(table).map(([name, says]) => [`\`${name}\``, says]));
  return put(put(put(page, 'webhook-types', ['type', 'when', 'data'], types), 'delivery-states', ['state', 'means'], states ?? []), 'delivery-reasons', ['reason', 'means'], reasons ?? []);
}

function sayRate(rule: RateRule | null): string {
  if (rule === null) return 'no limit';
  const digits = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${digits(rule.quota)} ${rule.windowSeconds === 3_600 ? 'an hour' : 'a minute'} (${digits(rule.burst)})`;
}

function put(page: string, name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const place = new RegExp(`(<!-- ${name}: written by npm run docs -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return page.replace(place, (_all, begins: string, ends: string) => `${begins}\n${table}\n\n${ends}`);
}
