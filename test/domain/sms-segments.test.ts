import fc from 'fast-check';
import { septetsOf } from '../../src/domain/message/gsm-alphabet.ts';
import { fitSms, measureSms, splitSms } from '../../src/domain/message/sms-segments.ts';

/** Written down a second time, from the code chart row by row, so that a slip in the alphabet shows. */
const CHART: readonly (readonly number[])[] = [
  [0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5],
  [0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xc6, 0xe6, 0xdf, 0xc9],
  [0x20, 0x21, 0x22, 0x23, 0xa4, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f],
  Array.from({ length: 16 }, (_, n) => 0x30 + n),
  [0xa1, ...Array.from({ length: 15 }, (_, n) => 0x41 + n)],
  [...Array.from({ length: 11 }, (_, n) => 0x50 + n), 0xc4, 0xd6, 0xd1, 0xdc, 0xa7],
  [0xbf, ...Array.from({ length: 15 }, (_, n) => 0x61 + n)],
  [...Array.from({ length: 11 }, (_, n) => 0x70 + n), 0xe4, 0xf6, 0xf1, 0xfc, 0xe0],
];
const ONE = CHART.flat().map((code) => String.fromCodePoint(code));
const TWO = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac].map((code) => String.fromCodePoint(code));

test('the alphabet is the chart of 3GPP TS 23.038, and nothing else', () => {
  expect(ONE).toHaveLength(127);
  for (let code = 0; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    const expected = ONE.includes(character) ? 1 : TWO.includes(character) ? 2 : null;
    if (septetsOf(character) !== expected) throw new Error(`U+${code.toString(16)} takes ${String(septetsOf(character))}, expected ${String(expected)}`);
  }
  expect(septetsOf('😀')).toBeNull();
});

test.each<[string, string, string, number, number]>([
  ['nothing', '', 'GSM-7', 0, 1],
  ['160 letters', 'a'.repeat(160), 'GSM-7', 160, 1],
  ['161 letters', 'a'.repeat(161), 'GSM-7', 161, 2],
  ['306 letters', 'a'.repeat(306), 'GSM-7', 306, 2],
  ['307 letters', 'a'.repeat(307), 'GSM-7', 307, 3],
  ['459 letters', 'a'.repeat(459), 'GSM-7', 459, 3],
  ['460 letters', 'a'.repeat(460), 'GSM-7', 460, 4],
  ['80 euro signs', '€'.repeat(80), 'GSM-7', 160, 1],
  ['81 euro signs', '€'.repeat(81), 'GSM-7', 162, 2],
  ['a euro sign that would lie across two segments', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3],
  ['70 Cyrillic letters', 'ж'.repeat(70), 'UCS-2', 70, 1],
  ['71 Cyrillic letters', 'ж'.repeat(71), 'UCS-2', 71, 2],
  ['134 Cyrillic letters', 'ж'.repeat(134), 'UCS-2', 134, 2],
  ['135 Cyrillic letters', 'ж'.repeat(135), 'UCS-2', 135, 3],
  ['35 emoji', '😀'.repeat(35), 'UCS-2', 70, 1],
  ['36 emoji', '😀'.repeat(36), 'UCS-2', 72, 2],
  ['67 emoji: 33 and no half one in a segment', '😀'.repeat(67), 'UCS-2', 134, 3],
  ['a curly quote among 70 letters', `${'a'.repeat(70)}’`, 'UCS-2', 71, 2],
])('%s', (_what, text, encoding, units, segments) => {
  expect(measureSms(text)).toMatchObject({ encoding, units, segments });
});

test('it says which characters cost the room, each once', () => {
  expect(measureSms('“Hi” – Zoë 🎉🎉').forcedBy).toEqual(['“', '”', '–', 'ë', '🎉']);
  expect(measureSms('Grüße, ¿qué tal? à demain').forcedBy).toEqual([]);
});

/** The count by octets instead of by characters: another way to the same number. */
function countIndependently(text: string): number {
  const gsm = Array.from(text).every((character) => ONE.includes(character) || TWO.includes(character));
  const sizes = Array.from(text).map((character) => (gsm ? (TWO.includes(character) ? 2 : 1) : Buffer.byteLength(character, 'utf16le') / 2));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= (gsm ? 160 : 70)) return 1;
  const room = gsm ? 153 : 67;
  let [segments, left] = [1, room];
  for (const size of sizes) {
    if (size > left) [segments, left] = [segments + 1, room];
    left -= size;
  }
  return segments;
}

const gsmText = fc.array(fc.constantFrom(...ONE, ...TWO, '€', '[', 'a'), { maxLength: 700 }).map((characters) => characters.join(''));
const anyText = fc.oneof(gsmText, fc.string({ unit: 'binary', maxLength: 400 }), fc.array(fc.constantFrom('a', 'ж', '😀', '👩‍👩‍👧', '€'), { maxLength: 400 }).map((all) => all.join('')));

test('for any text the count is that of an independent one, and never less than the units ask for', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const size = measureSms(text);
      expect(size.segments).toBe(countIndependently(text));
      const { alone, joined } = size.encoding === 'GSM-7' ? { alone: 160, joined: 153 } : { alone: 70, joined: 67 };
      expect(size.segments).toBeGreaterThanOrEqual(size.units <= alone ? 1 : Math.ceil(size.units / joined));
    }),
  );
});

test('segments put together are the text, each fits, and no emoji is cut in two', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parts = splitSms(text);
      expect(parts.join('')).toBe(text);
      const { encoding } = measureSms(text);
      for (const part of parts) {
        const units = encoding === 'UCS-2' ? part.length : Array.from(part).reduce((sum, character) => sum + (TWO.includes(character) ? 2 : 1), 0);
        expect(units).toBeLessThanOrEqual(parts.length === 1 ? (encoding === 'UCS-2' ? 70 : 160) : encoding === 'UCS-2' ? 67 : 153);
        expect(part).not.toMatch(/\p{Cs}/u);
      }
    }),
  );
});

test('more than three segments are refused in words that help', () => {
  expect(fitSms('a'.repeat(459))).toMatchObject({ outcome: 'fits' });
  expect(fitSms('a'.repeat(460))).toMatchObject({
    outcome: 'too_long',
    maxSegments: 3,
    message: 'The text needs 4 SMS segments; at most 3 are allowed (460 of about 459 GSM-7 units). Shorten it.',
  });
  const fancy = fitSms(`${'a'.repeat(250)} “so” \u200b`);
  expect(fancy).toMatchObject({ outcome: 'too_long', message: expect.stringContaining('leave out what the GSM alphabet does not have: “ (U+201C), ” (U+201D), an invisible character (U+200B)') });
  expect(fitSms('ж'.repeat(71), 1)).toMatchObject({ outcome: 'too_long', maxSegments: 1, message: expect.stringContaining('71 of about 70 UCS-2 units') });
});
