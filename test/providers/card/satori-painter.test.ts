import { Socket } from 'node:net';
import fc from 'fast-check';
import type { Card } from '../../../src/providers/card/card.ts';
import { layOutCard } from '../../../src/providers/card/lay-out-card.ts';
import { satoriPainter } from '../../../src/providers/card/satori-painter.ts';
import { showableText } from '../../../src/providers/card/showable-text.ts';

const painter = satoriPainter();
const PLAIN: Card = { tenantName: 'Lumen', heading: 'Can you beat this score?', figures: [{ label: 'Score', value: '8' }, { label: 'Rank', value: '3' }, { label: 'Days in a row', value: '21' }] };

/** Width and height as the PNG says (ISO/IEC 15948, 11.2.2). */
function sizeOf(png: Buffer): { isPng: boolean; width: number; height: number } {
  return { isPng: png.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')), width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test('a card is a PNG of 1200 by 630, small enough for those who show it', async () => {
  const png = await painter.paint(PLAIN);
  expect(sizeOf(png)).toEqual({ isPng: true, width: 1200, height: 630 });
  expect(png.length).toBeLessThan(200_000);
});

test('the same card is the same picture, another figure another', async () => {
  const [one, same, other] = await Promise.all([painter.paint(PLAIN), painter.paint(PLAIN), painter.paint({ ...PLAIN, figures: [{ label: 'Score', value: '9' }] })]);
  expect(one.equals(same)).toBe(true);
  expect(one.equals(other)).toBe(false);
});

describe('hostile text neither crashes nor is looked for elsewhere', () => {
  const asked: string[] = [];
  beforeAll(() => {
    const refuse = (what: string) => () => {
      asked.push(what);
      throw new Error('a card asked for something from outside');
    };
    jest.spyOn(globalThis, 'fetch').mockImplementation(refuse('fetch'));
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(refuse('socket'));
  });
  afterAll(() => { jest.restoreAllMocks(); });

  test.each([
    ['emoji', '😀👩‍👩‍👧‍👦🏳️‍🌈 hello'],
    ['right to left', 'שלום مرحبا \u202eabc\u202c'],
    ['signs the fonts lack', '漢字テスト 🜁 \u{10ffff} ᚠᚢᚦ ꧅'],
    ['10,000 characters without a space', 'W'.repeat(10_000)],
    ['10,000 words', 'word '.repeat(10_000)],
    ['half characters and control characters', '\ud800\udc00\ud800\u0000\u0007\u001b[31m'],
    ['markup', '<image href="https://evil.example/x.png"/><script>alert(1)</script>&amp;'],
    ['a place to fetch from', 'url(https://evil.example/x.png) @import "https://evil.example"'],
    ['marks piled up', `a${'\u0301'.repeat(2_000)}`],
    ['nothing', ''],
  ])('%s', async (_what, text) => {
    const png = await painter.paint({ tenantName: text, heading: text, figures: [{ label: text, value: text }] });
    expect(sizeOf(png)).toEqual({ isPng: true, width: 1200, height: 630 });
    expect(asked).toEqual([]);
  });
});

describe('what is shown of a text', () => {
  test('letters of Latin, Greek and Cyrillic alphabets stay, composed', () => {
    expect(showableText('Zoe\u0308 Ångström Łódź Ωmega Привет – 8 € “ok”…', 100)).toBe('Zoë Ångström Łódź Ωmega Привет – 8 € “ok”…');
  });
  test('what the fonts lack is left out, with the space it would leave', () => {
    expect(showableText('Kite 🪁 Club 漢字', 100)).toBe('Kite Club');
    expect(showableText('\u202eabc\u0000', 100)).toBe('abc');
  });
  test('any text becomes a short line of such letters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (text, most) => {
      const shown = showableText(text, most);
      expect(shown.length).toBeLessThanOrEqual(most);
      expect(shown).not.toMatch(/[\p{C}\p{Emoji_Presentation}]|^\s|\s$|\s{2}/u);
    }));
  });
});

test('a card has three figures at most', () => {
  const figures = Array.from({ length: 9 }, (_, i) => ({ label: 'Score', value: `figure${String(i)}` }));
  const laidOut = JSON.stringify(layOutCard({ ...PLAIN, figures }));
  expect(laidOut.match(/figure\d/g)).toEqual(['figure0', 'figure1', 'figure2']);
});
