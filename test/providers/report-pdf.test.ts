import { inflateSync } from 'node:zlib';
import { axisTop } from '../../src/providers/pdf/report-charts.ts';
import { piecesOf } from '../../src/providers/pdf/fonts.ts';
import { writeReportPdf } from '../../src/providers/pdf/write-report-pdf.ts';
import { sampleReport } from '../domain/report-sample.ts';

const OPTIONS = { language: 'en' as const, tenantName: 'Kite Club', unitTitles: new Map([['points', 'Points']]) };

/** What the pages draw, unpacked. */
function drawn(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  }).join('\n');
}

test('the same report gives the same bytes, whenever it is written', async () => {
  const [first, second] = [await writeReportPdf(sampleReport(), OPTIONS), await writeReportPdf(sampleReport(), OPTIONS)];
  expect(first.subarray(0, 5).toString()).toBe('%PDF-');
  expect(first.equals(second)).toBe(true);
  expect((await writeReportPdf(sampleReport({ externalId: 'another' }), OPTIONS)).equals(first)).toBe(false);
});

test('charts are drawn as lines and filled bars, with fonts inside, and it stays small enough for a mail', async () => {
  const pdf = await writeReportPdf(sampleReport(), OPTIONS);
  const marks = drawn(pdf);
  expect([...marks.matchAll(/ re\n/g)].length).toBeGreaterThan(10);
  expect([...marks.matchAll(/ l\n/g)].length).toBeGreaterThan(20);
  expect(pdf.toString('latin1')).toContain('/FontFile2');
  expect(pdf.length).toBeLessThan(200_000);
});

test.each([
  ['nothing happened', { empty: true }],
  ['there are fifty loops with long names', { loops: Array.from({ length: 50 }, (_, nth) => `a_loop_with_quite_a_long_name_number_${String(nth)}`) }],
  ['an id is long and in several alphabets', { externalId: 'Ωμέγα-Жук-日本語-\u{1f600}'.repeat(12) }],
])('it can be written where %s', async (_name, sample) => {
  const pdf = await writeReportPdf(sampleReport(sample), { language: 'de', tenantName: 'Łódź Ωμέγα Жук 日本', unitTitles: new Map([['points', 'очки']]) });
  expect(pdf.subarray(-6).toString('latin1')).toContain('%%EOF');
});

test('text is split by alphabet, and nothing is lost but what no font has', () => {
  expect(piecesOf('aŁΩЖ日')).toEqual([{ alphabet: 'latin', text: 'a' }, { alphabet: 'latin-ext', text: 'Ł' }, { alphabet: 'greek', text: 'Ω' }, { alphabet: 'cyrillic', text: 'Ж' }, { alphabet: 'latin', text: '?' }]);
});

test.each([[0, 1], [1, 1], [2, 2], [3, 5], [7, 10], [11, 20], [99, 100], [101, 200], [1_000_001, 2_000_000]])('an axis for %d ends at %d', (highest, top) => {
  expect(axisTop(highest)).toBe(top);
});
