import type { FieldError } from './problems.ts';

const DEEPEST = 16;
const HALF_A_PAIR = /\p{Surrogate}/u;

type Place = { value: unknown; path: string; depth: number };

/**
 * What no schema should have to think of, in any parsed JSON: nesting deeper than 16, text that cannot be stored, and
 * the key `__proto__`. Answers the first place found, or null. Walks without recursion: the depth is a stranger's.
 */
export function findUnusable(root: unknown): FieldError | null {
  const open: Place[] = [{ value: root, path: '', depth: 0 }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path, depth } = place;
    if (typeof value === 'string' && !isUsableText(value)) return { path, message: 'The text holds a character that cannot be stored (NUL or half a surrogate pair).' };
    if (typeof value !== 'object' || value === null) continue;
    if (depth === DEEPEST) return { path, message: `The document is nested deeper than ${DEEPEST} levels.` };
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__' || !isUsableText(key)) return { path, message: 'A field\'s name is one that cannot be stored.' };
      open.push({ value: inner, path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth: depth + 1 });
    }
  }
  return null;
}

/** False for text that Postgres cannot store (NUL) or that is no text (half a surrogate pair). */
export function isUsableText(text: string): boolean {
  return !text.includes('\0') && !HALF_A_PAIR.test(text);
}
