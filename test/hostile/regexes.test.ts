import { join } from 'node:path';
import { nodesOf } from '../checks/support/syntax-tree.ts';
import { readFiles, REPOSITORY } from '../checks/support/source-files.ts';
import { isQuick } from './support/slow-regexes.ts';
import type { WrittenRegex } from './support/slow-regexes.ts';

/*
 * Every regular expression of the product, on texts made from its own parts to send a weak one astray: all are read in far
 * less than a second, so none is exponential, or cubic. What is quadratic (a search without a fixed beginning is, often)
 * stays harmless because every field has its length; 4,000 characters are more than any field that one of them reads.
 */
const LIMIT_MS = 1_000;

const found = new Map<string, WrittenRegex & { where: string }>();
for (const file of readFiles(['src', 'db', 'workflows', 'activities'], '.ts')) {
  for (const node of nodesOf(file)) {
    const [pattern, flags] = [node['pattern'], node['flags']];
    if (node.type === 'RegExpLiteral' && typeof pattern === 'string' && typeof flags === 'string') found.set(`/${pattern}/${flags}`, { pattern, flags, where: file.path });
  }
}

/** Those that are put together when their file is loaded: nobody can read them off the page. */
beforeAll(async () => {
  const Written = globalThis.RegExp;
  const builders = readFiles(['src', 'db', 'workflows', 'activities'], '.ts').filter((file) => !file.path.startsWith('src/dev/') && file.text.includes('new RegExp('));
  for (const { path } of builders) {
    globalThis.RegExp = new Proxy(Written, {
      construct(target, given: [pattern: string | RegExp, flags?: string]) {
        const { source, flags } = new target(...given);
        found.set(`/${source}/${flags}`, { pattern: source, flags, where: path });
        return new target(...given);
      },
    });
    try {
      await import(join(REPOSITORY, path));
    } finally {
      globalThis.RegExp = Written;
    }
  }
});

test('all are found, those too that are put together', () => {
  expect(found.size).toBeGreaterThan(200);
  expect([...found.values()].filter(({ where, pattern }) => where.endsWith('opt-out-speech.ts') && pattern.includes('unsubscribe|')).length).toBeGreaterThan(0);
  expect([...found.values()].some(({ where }) => where.endsWith('classify-visit.ts'))).toBe(true);
});

test('no regular expression loses itself in a hostile text', () => {
  expect([...found.values()].filter((regex) => !isQuick(regex, LIMIT_MS)).map(({ where, pattern }) => `${where}: ${pattern}`)).toEqual([]);
}, 120_000);

test.each([['(a+)+$'], ['^(a|aa)+$'], ['(\\w+\\s?)+$'], ['^(?:\\d+,?)*;$'], ['a*a*a*a*$'], ['([a-z]+)*=']])('%s would be found', (pattern) => {
  expect(isQuick({ pattern, flags: '' }, 300)).toBe(false);
});

test.each([['^[a-z]+$'], ['\\/+$'], ['(?:stop|end) (?:now|here)']])('%s passes', (pattern) => {
  expect(isQuick({ pattern, flags: '' }, LIMIT_MS)).toBe(true);
});
