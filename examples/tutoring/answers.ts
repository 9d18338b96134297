/** What stands at a place in JSON that came from outside; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? new Map<string, unknown>(Object.entries(inner)).get(key) : undefined), value);
}

/** The text there; throws where there is none: then the API answered what it never does. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string') throw new Error(`the answer has no text at ${path.join('.')}`);
  return found;
}

/** The list there; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
