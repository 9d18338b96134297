import { describeValue } from '../send-time/describe-value.ts';
import { isRecord } from '../send-time/read-ranges.ts';
import { clashProblems } from './law-clash.ts';
import type { LawRule } from './law-rule.ts';
import { ruleProblems } from './law-rule-problems.ts';

export { LAW_CHANNELS } from './law-rule.ts';
export type { LawChannel, LawRule } from './law-rule.ts';

/** An edition of the law as data. Published once, never changed. */
export type LawBook = { readonly edition: string; readonly rules: readonly LawRule[]; readonly note?: string | undefined };

const EDITION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const MOST_RULES = 500;

/**
 * What is wrong with a book that is about to be published, each with its path; empty when it is fine. Refuses unknown
 * fields, places nobody knows, rules that never open, and rules that leave no time together: what binds somebody whose
 * place is unknown is all of them, and that must not be a ban for ever.
 */
export function lawBookProblems(value: unknown): string[] {
  const problems = shapeProblems(value, 'refused');
  return problems.length === 0 && isRecord(value) && isBook(value) ? clashProblems(value.rules) : problems;
}

/** Reads a book that was published before. Fields of a later program are left alone; throws where it cannot be used. */
export function readLawBook(value: unknown): LawBook {
  if (isBook(value)) return value;
  throw new Error(`This law book cannot be used: ${shapeProblems(value, 'allowed').slice(0, 5).join('; ')}`);
}

function isBook(value: unknown): value is LawBook {
  return shapeProblems(value, 'allowed').length === 0;
}

function shapeProblems(value: unknown, unknownFields: 'refused' | 'allowed'): string[] {
  if (!isRecord(value)) return [`book: ${describeValue(value)} is not an object with edition and rules`];
  const { edition, rules, note, ...others } = value;
  const problems = unknownFields === 'allowed' ? [] : Object.keys(others).map((field) => `book: has a field ${describeValue(field)} that nobody knows`);
  if (typeof edition !== 'string' || !EDITION.test(edition)) problems.push(`edition: ${describeValue(edition)} is not a short name such as 2026-11-21`);
  if (note !== undefined && typeof note !== 'string') problems.push(`note: ${describeValue(note)} is not a text`);
  if (!Array.isArray(rules)) return [...problems, `rules: ${describeValue(rules)} is not a list`];
  if (rules.length > MOST_RULES) return [...problems, `rules: ${String(rules.length)} are more than the ${String(MOST_RULES)} a book may hold`];
  const seen = new Map<string, number>();
  rules.forEach((rule: unknown, index) => {
    const path = `rules[${String(index)}]`;
    problems.push(...ruleProblems(rule, path, unknownFields));
    const id = isRecord(rule) ? rule['id'] : undefined;
    if (typeof id !== 'string') return;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else problems.push(`${path}.id: ${describeValue(id)} is the id of rules[${String(first)}] too`);
  });
  return problems;
}
