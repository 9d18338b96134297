import { createContext, runInContext } from 'node:vm';

/** A regular expression as it is written. */
export type WrittenRegex = { readonly pattern: string; readonly flags: string };

/** So many characters of a hostile text: a quadratic pattern takes some ten milliseconds for it, a cubic one minutes. */
const LENGTH = 4_000;

const STANDS_FOR: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'x', W: '-', S: 'x', n: '\n', r: '\r', t: '\t' };
const CLASSES: readonly [RegExp, string][] = [[/\\p\{L\}|\\p\{Ll\}|\\p\{Lu\}/, 'a'], [/\\p\{M\}/, '\u0301'], [/\\p\{N[dl]?\}/, '1'], [/\\p\{C[cf]?\}/, '\u200b'], [/\\p\{Emoji|Pictographic/, '😀']];

/** Words that a pattern's loops could go round on: runs of its own letters, its single characters, and pairs of both. */
function pumpsOf({ pattern }: WrittenRegex): string[] {
  const escapes = [...pattern.matchAll(/\\([dwsDWSnrt])/g)].map(([, letter = '']) => STANDS_FOR[letter] ?? '');
  const classes = CLASSES.flatMap(([is, text]) => (is.test(pattern) ? [text] : []));
  const plain = pattern.replaceAll(/\\[pP]\{[^}]*\}|\\u\{?[0-9a-f]+\}?|\\[a-zA-Z]|\(\?[:=!]|\(\?<[=!]/gi, '\0');
  const words = plain.match(/[\p{L}\p{N}]{2,}(?: [\p{L}\p{N}]+)*/gu) ?? [];
  const signs = [...new Set(plain.replaceAll(/[\0\\]/g, ''))];
  const singles = [...new Set([...escapes, ...classes, ...signs, 'a', '1', ' ', '-', '.'])].slice(0, 40);
  const pairs = singles.slice(0, 8).flatMap((a) => singles.slice(0, 8).map((b) => a + b));
  return [...new Set([...singles, ...pairs, ...words, ...words.map((word) => `${word} `), ...words.map((word) => ` ${word}`)])];
}

/** Texts on which a pattern with a weakness would not come to an end. */
export function hostileTexts(regex: WrittenRegex): string[] {
  const pumps = pumpsOf(regex);
  const openings = ['', ...new Set(pumps.filter((pump) => pump.length > 1).slice(0, 4))];
  return pumps.flatMap((pump) => openings.flatMap((opening) => ['', '\0!'].map((ending) => opening + pump.repeat(Math.ceil(LENGTH / pump.length)) + ending)));
}

/** Whether all its hostile texts are read within `limitMs` each; the engine is stopped where one is not. */
export function isQuick(regex: WrittenRegex, limitMs: number): boolean {
  const context = createContext({ texts: hostileTexts(regex), pattern: regex.pattern, flags: regex.flags });
  runInContext('var regex = new RegExp(pattern, flags), at = 0', context);
  try {
    // All in one go as a rule: that is some milliseconds. Only a text that takes long by itself counts.
    runInContext('for (; at < texts.length; at += 1) { regex.lastIndex = 0; regex.test(texts[at]); }', context, { timeout: limitMs });
    return true;
  } catch {
    return stoppedAlone(context, limitMs);
  }
}

function stoppedAlone(context: ReturnType<typeof createContext>, limitMs: number): boolean {
  const total: unknown = runInContext('texts.length', context);
  for (;;) {
    const at: unknown = runInContext('at', context);
    if (typeof at !== 'number' || typeof total !== 'number' || at >= total) return true;
    try {
      runInContext('regex.lastIndex = 0; regex.test(texts[at]); at += 1', context, { timeout: limitMs });
    } catch {
      return false;
    }
  }
}
