import fc from 'fast-check';
import { cleanLine, cleanLines, cleanPersonName } from '../../src/domain/message/clean-text.ts';

describe('a person\'s name that goes to a stranger', () => {
  test.each([
    ['Ana', 'Ana'],
    ['  Ana \t María  ', 'Ana María'],
    ["O'Brien-Łukasz", "O'Brien-Łukasz"],
    ['Ana\u202egnimoc', 'Anagnimoc'],
    ['A\u200bn\u200da\ufeff', 'Ana'],
    ['Ana\r\nBcc: x', 'Ana Bcc: x'],
    ['Ana\0Maria', 'Ana Maria'],
    ['José', 'José'],
    ['می‌خواهم', 'می‌خواهم'],
    ['Ana 👩‍👧', 'Ana 👩‍👧'],
    ['J.R.R.Tolkien', 'J. R. R. Tolkien'],
    ['Dr.Smith', 'Dr. Smith'],
    ['J. de Vries', 'J. de Vries'],
    ['Ana 2', 'Ana 2'],
    ['李小龍', '李小龍'],
    ['A\ud800na', 'A na'],
    [`Z${'\u0300'.repeat(40)}algo`, `Z${'\u0300'.repeat(4)}algo`.normalize('NFC')],
  ])('%j is shown as %j', (raw, shown) => {
    expect(cleanPersonName(raw)).toBe(shown);
  });

  test.each([
    null,
    undefined,
    '',
    '   ',
    '\u202e\u200b',
    '\u3164',
    '$$$',
    '12345',
    '💰💰',
    'http://evil.example',
    'Ana https://x',
    'win at evil.com',
    'EVIL.COM',
    'Evil.Com now',
    'evil.ru',
    'go to www.evil',
    'evil。com',
    'ｅｖｉｌ．ｃｏｍ',
    'e\u200bvil.c\u200bom',
    'ana@evil.example',
    '@evil',
    'Call +1 (212) 555-0100',
    'Ana 555 0100 22',
    'Ana ٠١٢٣٤٥٦٧',
    'evil.example.shop/free',
    '//evil',
  ])('%j is not shown at all', (raw) => {
    expect(cleanPersonName(raw)).toBeNull();
  });

  test('a name of 40,000 characters is cut to 40 graphemes, never inside one', () => {
    expect(cleanPersonName('a'.repeat(40_000))).toBe(`${'a'.repeat(39)}…`);
    const family = '👩‍👩‍👧‍👦';
    const cut = cleanPersonName(`A${family.repeat(10_000)}`) ?? '';
    expect(cut).toBe(`A${family.repeat(38)}…`);
  });

  test('whatever comes in, what is shown is short, on one line, and has no way to reach out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (raw) => {
        const name = cleanPersonName(raw);
        if (name === null) return;
        expect([...new Intl.Segmenter().segment(name)].length).toBeLessThanOrEqual(41);
        expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]|@|:\/\//u);
        expect(name).toBe(name.trim());
        expect(cleanPersonName(name)).toBe(name);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

describe('lines', () => {
  test('a tenant\'s name may hold a dot; it stays one bounded line', () => {
    expect(cleanLine('Lumen.io\r\nX: y', 80)).toBe('Lumen.io X: y');
    expect(cleanLine('x'.repeat(500), 10)).toBe('xxxxxxxxx…');
  });

  test('a postal address keeps its lines, empty ones left out', () => {
    expect(cleanLines('Lumen Ltd\r\n\r\n 1 Harbour Street\u2028Cork\0', 8, 120)).toEqual(['Lumen Ltd', '1 Harbour Street', 'Cork']);
    expect(cleanLines('a\n'.repeat(100), 8, 120)).toHaveLength(8);
  });
});
