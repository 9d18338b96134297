import type { LawBook } from './law-book.ts';

/** Ids of rules, each list in the order of its book. */
export type LawChanges = { readonly added: readonly string[]; readonly changed: readonly string[]; readonly removed: readonly string[] };

/** What another edition changes: rules by their id, compared field by field. */
export function compareLaw(from: LawBook, to: LawBook): LawChanges {
  const [before, after] = [byId(from), byId(to)];
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    changed: [...after].filter(([id, rule]) => before.has(id) && before.get(id) !== rule).map(([id]) => id),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
}

/** Each rule as text that does not depend on the order of its fields. */
function byId(book: LawBook): ReadonlyMap<string, string> {
  return new Map(book.rules.map((rule) => [rule.id, JSON.stringify(inOrder(rule))]));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([field, inner]) => [field, inOrder(inner)]));
}
