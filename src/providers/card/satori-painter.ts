import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CARD_HEIGHT, CARD_WIDTH } from './card.ts';
import type { Card, CardPainter } from './card.ts';
import { ALPHABETS, layOutCard } from './lay-out-card.ts';

type Font = { readonly name: (typeof ALPHABETS)[number]; readonly data: Buffer; readonly weight: 400 | 700; readonly style: 'normal' };

const WEIGHTS = [400, 700] as const;

/**
 * Paints with satori (text to outlines, by the embedded Inter, SIL Open Font License 1.1) and resvg (outlines to pixels, on a thread of its
 * own). Both are loaded with the first card, for most processes never paint one. Neither is told of any place to fetch from: no pictures, no fonts of the system.
 */
export function satoriPainter(): CardPainter {
  let fonts: Promise<readonly Font[]> | null = null;
  return {
    async paint(card: Card) {
      fonts ??= loadFonts();
      const [{ default: satori }, { renderAsync }, loaded] = await Promise.all([import('satori'), import('@resvg/resvg-js'), fonts]);
      const svg = await satori(layOutCard(card), { width: CARD_WIDTH, height: CARD_HEIGHT, fonts: [...loaded] });
      return (await renderAsync(svg, { font: { loadSystemFonts: false }, logLevel: 'off' })).asPng();
    },
  };
}

async function loadFonts(): Promise<readonly Font[]> {
  const folder = join(dirname(require.resolve('@fontsource/inter/package.json')), 'files');
  return Promise.all(WEIGHTS.flatMap((weight) => ALPHABETS.map(async (alphabet): Promise<Font> => (
    { name: alphabet, data: await readFile(join(folder, `inter-${alphabet}-${String(weight)}-normal.woff`)), weight, style: 'normal' }))));
}
