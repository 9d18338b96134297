import type { z } from 'zod';
import type { FieldError } from './problems.ts';

export type FieldPlace = 'path' | 'query' | 'body';
type Issue = z.core.$ZodIssue;

/** Put as `params` on an issue of a path parameter that cannot be any resource's id: the answer is 404, not 400. */
export const NAMES_NOTHING = { namesNothing: true };

/** True where a path parameter cannot name anything. */
export function namesNothing(error: z.ZodError): boolean {
  return error.issues.some((issue) => issue.code === 'custom' && issue.params?.['namesNothing'] === true);
}

/** zod's issues as places and sentences. No value of the request is repeated: it may be personal, or a secret. */
export function fieldErrors(error: z.ZodError, place: FieldPlace): FieldError[] {
  return error.issues.flatMap((issue) => errorsOfIssue(issue, [], place));
}

function errorsOfIssue(issue: Issue, above: readonly PropertyKey[], place: FieldPlace): FieldError[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: say([...path, key], place), message: 'There is no such field.' }));
    case 'invalid_union':
      return nearestBranch(issue.errors)?.flatMap((inner) => errorsOfIssue(inner, path, place)) ?? [{ path: say(path, place), message: sentence(issue.message) }];
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => errorsOfIssue(inner, path, place));
    default:
      return [{ path: say(path, place), message: sentence(issue.message) }];
  }
}

/** Of a union's alternatives the one that fits best: it fails deepest, then at the fewest places. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number => Math.min(...issues.map((issue) => issue.path.length));
  return branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

/** RFC 6901 for the body; a query parameter as `?name`, a path parameter as `{name}`. */
function say(path: readonly PropertyKey[], place: FieldPlace): string {
  const parts = path.map(String);
  switch (place) {
    case 'body': return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    case 'query': return `?${parts.join('.')}`;
    case 'path': return `{${parts.join('.')}}`;
  }
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
