import type { ProgramTerms } from './terms.ts';

/**
 * What a change means for invites that run. `pinned`: they keep what their version says. `at_once`: it binds what waits,
 * too. `at_acceptance`: it is asked once, when an invite is accepted (credit: when somebody signs up), so it binds new ones alone.
 */
export const BINDINGS = ['pinned', 'at_once', 'at_acceptance'] as const;
export type Binding = (typeof BINDINGS)[number];

/** Total: a new term does not compile until it says how it binds. */
const BINDING_OF: Readonly<Record<'title' | keyof ProgramTerms, Binding>> = {
  title: 'pinned',
  copy: 'pinned',
  reminders: 'pinned',
  channels: 'pinned',
  expiresAfterHours: 'pinned',
  destination: 'pinned',
  sendRules: 'at_once',
  eventBufferDays: 'at_once',
  peakTimes: 'at_once',
  cap: 'at_once',
  coolingHours: 'at_acceptance',
  existingMembers: 'at_acceptance',
  consentBases: 'at_acceptance',
  rewards: 'pinned',
  notices: 'at_once',
  life: 'pinned',
  prompt: 'at_once',
  credit: 'at_acceptance',
};

/** As a version stores it. */
export type VersionContent = { readonly title: string; readonly terms: ProgramTerms };

/** One place that differs: RFC 6901. `before` or `after` is undefined where there is no such place. */
export type VersionChange = { readonly path: string; readonly before: unknown; readonly after: unknown; readonly binds: Binding };

/**
 * Everything in which two versions differ, place by place: objects by field (in the order of their names), lists of objects by
 * position, other lists as a whole.
 */
export function diffVersions(before: VersionContent, after: VersionContent): VersionChange[] {
  const [old, fresh] = [new Map<string, unknown>(Object.entries(before.terms)), new Map<string, unknown>(Object.entries(after.terms))];
  return [
    ...diffValues('/title', before.title, after.title).map((place) => ({ ...place, binds: BINDING_OF.title })),
    ...keysOfBoth(old, fresh).flatMap((term) =>
      diffValues(`/terms/${escaped(term)}`, old.get(term), fresh.get(term)).map((place) => ({ ...place, binds: bindingOf(term, place.path) }))),
  ];
}

/** The fields that differ, without what is inside them: `/title`, `/terms/copy`. */
export function changedFields(before: VersionContent, after: VersionContent): string[] {
  return [...new Set(diffVersions(before, after).map(({ path }) => path.split('/').slice(0, path.startsWith('/terms/') ? 3 : 2).join('/')))];
}

/** Budgets are a program's, not a version's. */
function bindingOf(term: string, path: string): Binding {
  if (/^\/terms\/rewards\/budgets(\/|$)/.test(path)) return 'at_once';
  return isTerm(term) ? BINDING_OF[term] : 'at_once';
}

function isTerm(term: string): term is keyof typeof BINDING_OF {
  return Object.hasOwn(BINDING_OF, term);
}

type Place = Omit<VersionChange, 'binds'>;

function diffValues(path: string, before: unknown, after: unknown): Place[] {
  const [old, fresh] = [partsOf(before), partsOf(after)];
  if (old === null || fresh === null || old.isList !== fresh.isList) return same(before, after) ? [] : [{ path, before, after }];
  const keys = old.isList ? [...(old.parts.size > fresh.parts.size ? old : fresh).parts.keys()] : keysOfBoth(old.parts, fresh.parts);
  return keys.flatMap((key) => diffValues(`${path}/${escaped(key)}`, old.parts.get(key), fresh.parts.get(key)));
}

/** What a value is made of; null where it is looked at as a whole. */
function partsOf(value: unknown): { isList: boolean; parts: ReadonlyMap<string, unknown> } | null {
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  if (isList && !value.every((item) => typeof item === 'object' && item !== null)) return null;
  return { isList, parts: new Map<string, unknown>(Object.entries(value)) };
}

function keysOfBoth(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].toSorted();
}

function same(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
