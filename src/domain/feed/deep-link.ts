import { checkDestination } from '../link/check-destination.ts';
import type { DestinationRules } from '../link/check-destination.ts';

/** One slash, not two: browsers take `//host` and `/\host` for another host. */
const PATH = /^\/(?![/\\])[^\s\\\p{Cc}]*$/u;

/** May an item lead there? To a path inside the app, or to a whole address on the tenant's list. Null: it may; else why not. */
export function deepLinkProblem(link: string, rules: DestinationRules): string | null {
  if (PATH.test(link)) return null;
  const checked = checkDestination(link, rules);
  return checked.outcome === 'allowed' ? null : `Give a path inside the app, such as /challenges/7, or a whole address: ${checked.say}.`;
}
