import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Inter (SIL Open Font License 1.1), embedded, in the alphabets that a tenant's name or ids may be written in. */
export const ALPHABETS = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const;
export type Alphabet = (typeof ALPHABETS)[number];
export type Weight = 'regular' | 'bold';

const WEIGHTS: Readonly<Record<Weight, string>> = { regular: '400', bold: '700' };
const FOLDER = join(dirname(require.resolve('@fontsource/inter/package.json')), 'files');
const loaded = new Map<string, Buffer>();

/** A font's file, read once. */
export function fontFile(alphabet: Alphabet, weight: Weight): Buffer {
  const name = `inter-${alphabet}-${WEIGHTS[weight]}-normal.woff`;
  const file = loaded.get(name) ?? readFileSync(join(FOLDER, name));
  loaded.set(name, file);
  return file;
}

/** Text in pieces of one alphabet each; what no alphabet of ours has becomes a question mark. */
export function piecesOf(text: string): { readonly alphabet: Alphabet; readonly text: string }[] {
  const pieces: { alphabet: Alphabet; text: string }[] = [];
  for (const character of text) {
    const alphabet = alphabetOf(character.codePointAt(0) ?? 0);
    const last = pieces.at(-1);
    const piece = { alphabet: alphabet ?? 'latin', text: alphabet === null ? '?' : character };
    if (last?.alphabet === piece.alphabet) last.text += piece.text;
    else pieces.push(piece);
  }
  return pieces;
}

function alphabetOf(code: number): Alphabet | null {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return null;
  if (code <= 0xff || (code >= 0x2010 && code <= 0x2026) || code === 0x20ac || code === 0x2191 || code === 0x2193 || code === 0x2212) return 'latin';
  if ((code >= 0x100 && code <= 0x24f) || (code >= 0x1e00 && code <= 0x1eff) || (code >= 0x20a0 && code <= 0x20c0)) return 'latin-ext';
  if (code >= 0x370 && code <= 0x3ff) return 'greek';
  if (code >= 0x400 && code <= 0x45f) return 'cyrillic';
  return null;
}
