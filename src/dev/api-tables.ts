import { PROBLEM_CODES, PROBLEM_KINDS } from '../api/problems.ts';
import { REFUSAL_REASONS } from '../domain/invite/refusal-reasons.ts';

/** A page with the tables of problems and of refused invites as the code has them, where it has places for them. */
export function apiTables(page: string): string {
  const problems = PROBLEM_CODES.map((code) => {
    const { status, title, advice } = PROBLEM_KINDS[code];
    return [String(status), `\`${code}\``, title, advice];
  });
  const refusals = Object.entries(REFUSAL_REASONS).map(([reason, says]) => [`\`${reason}\``, says]);
  return put(put(page, 'problems', ['status', 'code', 'what happened', 'what to do'], problems), 'refusals', ['reason', 'means'], refusals);
}

function put(page: string, name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const place = new RegExp(`(<!-- ${name}: written by npm run docs -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return page.replace(place, (_all, begins: string, ends: string) => `${begins}\n${table}\n\n${ends}`);
}
