import { CARD_HEIGHT, CARD_WIDTH } from './card.ts';
import type { Card } from './card.ts';
import { showableText } from './showable-text.ts';

/** An element as satori takes it: no JSX, nothing of a browser. */
export type CardElement = { readonly type: 'div'; readonly props: { readonly style: Readonly<Record<string, string | number>>; readonly children: string | readonly CardElement[] } };

/** The embedded font comes in a file an alphabet: a sign is looked for in each of them. */
export const ALPHABETS = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const;
const FONT_FAMILY = ALPHABETS.join(', ');

const LONGEST = { tenantName: 40, heading: 110, label: 20, value: 9 } as const;
const MOST_FIGURES = 3;
/** White on the blue is 11:1, the softer white 8:1. */
const COLOURS = { ground: '#14315f', wash: '#24467f', ink: '#ffffff', soft: '#d6e2f6', mark: '#8fb8ff' } as const;

/** Where everything stands on a card. Lines break anywhere where a word is longer than a line. */
export function layOutCard({ tenantName, heading, figures }: Card): CardElement {
  const title = showableText(heading, LONGEST.heading);
  const shown = figures.slice(0, MOST_FIGURES);
  return box({ width: CARD_WIDTH, height: CARD_HEIGHT, boxSizing: 'border-box', display: 'flex', flexDirection: 'column', justifyContent: 'space-between', padding: '64px 72px', backgroundColor: COLOURS.ground, color: COLOURS.ink, fontFamily: FONT_FAMILY }, [
    box({ display: 'flex', alignItems: 'center', fontSize: 34, fontWeight: 700, color: COLOURS.soft }, [
      box({ width: 14, height: 44, marginRight: 22, borderRadius: 7, backgroundColor: COLOURS.mark }, ''),
      box({ maxWidth: 980, maxHeight: 92, overflow: 'hidden', wordBreak: 'break-word' }, showableText(tenantName, LONGEST.tenantName)),
    ]),
    box({ maxHeight: shown.length === 0 ? 400 : 250, overflow: 'hidden', fontSize: titleSize(title), fontWeight: 700, lineHeight: 1.18, letterSpacing: -1, wordBreak: 'break-word' }, title),
    box({ display: 'flex', minHeight: 10 }, shown.map(({ label, value }) => box({ display: 'flex', flexDirection: 'column', marginRight: 24, padding: '20px 32px 24px', borderRadius: 24, backgroundColor: COLOURS.wash }, [
      box({ fontSize: 72, fontWeight: 700, lineHeight: 1.1 }, showableText(value, LONGEST.value)),
      box({ fontSize: 28, color: COLOURS.soft }, showableText(label, LONGEST.label)),
    ]))),
  ]);
}

function titleSize({ length }: string): number {
  return length <= 36 ? 76 : length <= 70 ? 64 : 52;
}

function box(style: Readonly<Record<string, string | number>>, children: string | readonly CardElement[]): CardElement {
  return { type: 'div', props: { style, children } };
}
