import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../bench/lane.ts';
import { LANES } from '../bench/lanes/all.ts';
import { readBenchOptions } from '../bench/options.ts';
import { median, percentile } from '../bench/support/statistics.ts';
import { tableOf, verdictOf } from '../bench/support/table.ts';
import { withFigures, type BenchResult } from '../bench/support/write-docs.ts';
import { REPOSITORY } from './support/source-files.ts';

const page = readFileSync(join(REPOSITORY, 'docs/performance.md'), 'utf8');

function row(more: Partial<Row>): Row {
  const rounds = { ours: [200], reference: [100] };
  return { lane: 'accept', what: 'Accepting', unit: 'requests/s', ours: 200, reference: { name: 'Express', value: 100 }, judged: 2, goal: { atLeast: 1 }, rounds, exactlyOnce: 'all', ...more };
}

test('the page explains every lane there is, and no other', () => {
  const explained = [...page.slice(page.indexOf('## The lanes'), page.indexOf('## On the dev server')).matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(explained).toEqual(LANES.map(({ name }) => name));
});

test.each(['dev', 'postgres'] as const)('figures of the %s server replace those before them, and nothing else', (server) => {
  const result: BenchResult = { takenOn: '2026-01-01', server, rounds: 5, versions: { Node: '20.0.0' }, rows: [row({})] };
  const once = withFigures(page, result);
  expect(withFigures(once, result)).toBe(once);
  expect(once).toContain('| Accepting | 200 requests/s | 100 requests/s: Express | 2.00 x | >= 1 x | met |');
  const outside = (text: string): string => text.replace(new RegExp(`(<!-- bench ${server}:.*?-->).*(<!-- end of bench ${server} -->)`, 's'), '$1$2');
  expect(outside(once)).toBe(outside(page));
});

test.each([
  [{ judged: 1 }, 'met'], [{ judged: 0.99 }, 'missed'], [{ judged: Number.NaN }, 'missed'], [{ goal: null }, 'reported'],
  [{ goal: { atMost: 50 }, judged: 50 }, 'met'], [{ goal: { atMost: 50 }, judged: 51 }, 'missed'],
] as const)('%j is %s', (more, verdict) => {
  expect(verdictOf(row(more))).toBe(verdict);
  expect(tableOf([row(more)])).toContain(`| ${verdict} |`);
});

test('a median and a percentile are what their names say', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), percentile([5, 1, 4, 2, 3], 0.99), percentile([1, 2, 3, 4], 0.5)]).toEqual([2, 2.5, 5, 2]);
});

test.each([
  [['--lane', 'nothing'], /no lane nothing/], [['--rounds', '0'], /whole number/], [['--quick', '--write-docs'], /say nothing/],
  [['--server=postgres'], /--temporal-server/], [['--server=mysql'], /dev or postgres/], [['--slow'], /slow/],
])('%j is refused in words', (args, words) => {
  expect(readBenchOptions(args, ['accept'])).toMatchObject({ exitCode: 2, say: expect.stringMatching(words) });
});
