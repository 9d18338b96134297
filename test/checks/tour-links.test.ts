import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeLinksOf, correctLines, declares, lineDeclaring } from '../../src/dev/code-links.ts';
import { docPages, linkedText, writtenPage } from '../../src/dev/write-docs.ts';
import { lineProblem, linesOf, missingFiles, unknownRoutes } from './support/guide-text.ts';
import { readFiles, REPOSITORY } from './support/source-files.ts';

const PICTURES = join('docs', 'pictures');
const LARGEST_PICTURE_BYTES = 150_000;
const pages = docPages();
const TUTORING = 'examples/tutoring';
const readmes = ['README.md', 'examples/study-app/README.md', `${TUTORING}/README.md`].map((name) => ({ name, text: readFileSync(join(REPOSITORY, name), 'utf8') }));
const everyPage = [...pages.map(({ name, text }) => ({ name: `docs/${name}`, text })), ...readmes];

test('every link from docs/ to a line of code leads to the line that declares the name (if not: npm run docs)', () => {
  const links = pages.flatMap(({ name, text }) => codeLinksOf(text).map((link) => ({ ...link, page: name })));
  const wrong = links.filter(({ path, line, name }) => !declares(linkedText(path)?.split('\n')[line - 1] ?? '', name));
  expect(links.length).toBeGreaterThan(50);
  expect(wrong.map(({ page, name, path, line }) => `${page}: ${name} is not declared at ${path}#L${String(line)}`)).toEqual([]);
});

test('what npm run docs writes is written', () => {
  expect(pages.filter(({ text }) => writtenPage(text) !== text).map(({ name }) => `docs/${name}: run "npm run docs"`)).toEqual([]);
});

test('every file that a page links to or shows is there', () => {
  const missing = everyPage.flatMap(({ name, text }) => linkedFiles(text)
    .filter((path) => !existsSync(join(REPOSITORY, dirname(name), path))).map((path) => `${name}: ${path}`));
  expect(missing).toEqual([]);
});

test.each(['docs/tour.md', 'docs/api-guide.md', 'docs/adding-a-loop.md', ...readmes.map(({ name }) => name)])('%s names only routes, files and lines of the command line that there are', (name) => {
  const text = everyPage.find((page) => page.name === name)?.text ?? '';
  const lines = linesOf(text).map(lineProblem).filter((problem) => problem !== null);
  expect({ routes: unknownRoutes(text), files: missingFiles(text), lines }).toEqual({ routes: [], files: [], lines: [] });
});

test('the page of the tutoring app names each call that the app makes, and no other', () => {
  const code = readFiles([TUTORING], '.ts').map(({ text }) => text).join('\n');
  const made = [...code.matchAll(/\bcall\('([A-Z]+)', ['`](\/v1\/[^'`]+)/g)].map(([, method = '', path = '']) => `${method} ${path.replace(/\?.*/, '').replaceAll(/\$\{[^}]+\}/g, '{id}')}`);
  const named = [...(readmes.at(-1)?.text ?? '').matchAll(/`([A-Z]+ \/v1\/[\w/{}-]+)/g)].map(([, call = '']) => call);
  expect([...new Set(named)].toSorted()).toEqual([...new Set(made)].toSorted());
  expect(made.length).toBeGreaterThan(10);
});

test('every heading of a page that is linked to is there', () => {
  const headings = new Map(everyPage.map(({ name, text }) => [name, headingsOf(text)]));
  const missing = everyPage.flatMap(({ name, text }) => [...text.matchAll(/\]\(([\w./-]*\.md)?#([\w-]+)\)/g)].flatMap(([, path = '', anchor = '']) => {
    const page = path === '' ? name : join(dirname(name), path);
    return headings.get(page)?.has(anchor) === true ? [] : [`${name}: ${path}#${anchor}`];
  }));
  expect(missing).toEqual([]);
});

test('every picture is shown on a page with words for those who cannot see it, and is small', () => {
  const shown = everyPage.flatMap(({ name, text }) => picturesOn(text).map(({ words, path }) => ({ words, file: join(REPOSITORY, dirname(name), path) })));
  const kept = readdirSync(join(REPOSITORY, PICTURES)).map((name) => join(REPOSITORY, PICTURES, name));
  expect([...new Set(shown.map(({ file }) => file))].toSorted()).toEqual(kept.toSorted());
  expect(shown.filter(({ words }) => words.length < 20)).toEqual([]);
  expect(shown.filter(({ file }) => statSync(file).size > LARGEST_PICTURE_BYTES)).toEqual([]);
});

test('a line that was moved is found again, and one that declares nothing is not taken for it', () => {
  const text = "import { plan } from './plan.ts';\n\nexport function plan(): void {\n  run({ send: 1 });\n}\ncreate table plans (\n";
  expect(lineDeclaring(text, 'plan')).toBe(3);
  expect(lineDeclaring(text, 'plans')).toBe(6);
  expect(lineDeclaring(text, 'nothing')).toBeNull();
  expect(declares("  return plan(now);", 'plan')).toBe(false);
  expect(correctLines('see [`plan`](../x.ts#L99)', () => text)).toBe('see [`plan`](../x.ts#L3)');
  expect(correctLines('see [`plan`](../x.ts#L99)', () => null)).toBe('see [`plan`](../x.ts#L99)');
});

function linkedFiles(text: string): string[] {
  return [...text.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)].map(([, path = '']) => path);
}

/** In Markdown, or as an element where a picture is shown smaller than it is. */
function picturesOn(text: string): { words: string; path: string }[] {
  return [...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g), ...text.matchAll(/<img(?= [^>]*?alt="([^"]*)")(?= [^>]*?src="([^"]*)")/g)].map(([, words = '', path = '']) => ({ words, path }));
}

/** Headings as GitHub names them. */
function headingsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, '').trim().replaceAll(' ', '-')));
}
