import fc from 'fast-check';
import { firstNameOf } from '../../src/domain/landing/first-name.ts';
import { landingLanguage, readLandingLanguage } from '../../src/domain/landing/landing-language.ts';
import { LANDING_LANGUAGES } from '../../src/domain/landing/page-words.ts';
import type { PageWords } from '../../src/domain/landing/page-words.ts';
import { figuresOf, sayPage, slotsOf } from '../../src/domain/landing/say-page.ts';
import { loops } from '../../workflows/registry.ts';

const WORDS: PageWords = {
  title: 'From {{inviterName}}', lead: '{{inviterName}} asks you.', about: ['{{score}} were right.', 'On {{tenantName}}.'], ask: 'Two minutes.', accept: 'Play', decline: 'No', declined: 'All right.',
  inviterWithoutName: 'a friend', card: { heading: 'Beat it', alt: 'On {{tenantName}}' }, share: { subject: 'Beat me', line: 'I had {{score}} on {{tenantName}}.' },
};

test('names and figures stand where the words leave them open', () => {
  expect(sayPage(WORDS, { tenantName: 'Lumen', inviterFirstName: 'Ana', figures: { score: '8' } })).toMatchObject({
    title: 'From Ana', lead: 'Ana asks you.', about: ['8 were right.', 'On Lumen.'], card: { heading: 'Beat it', alt: 'On Lumen' }, share: { line: 'I had 8 on Lumen.' },
  });
});

test('without a name the words for none stand there, as the beginning of a sentence where it is one', () => {
  const words = { ...WORDS, share: { subject: '', line: '' } };
  expect(sayPage(words, { tenantName: 'Lumen', inviterFirstName: null, figures: {} })).toMatchObject({ title: 'From a friend', lead: 'A friend asks you.', about: ['On Lumen.'] });
});

test('a name that looks like a placeholder stays as it is', () => {
  expect(sayPage(WORDS, { tenantName: '{{score}}', inviterFirstName: '{{tenantName}}', figures: { score: '8' } })).toMatchObject({ title: 'From {{tenantName}}', about: ['8 were right.', 'On {{score}}.'] });
});

test('a card and what is shared name nobody: words that would do so are a mistake', () => {
  expect(() => sayPage({ ...WORDS, card: { heading: '{{inviterName}}', alt: '' } }, { tenantName: 'Lumen', inviterFirstName: 'Ana', figures: { score: '8' } })).toThrow('inviterName');
});

test('figures are numbers and texts of the run\'s input; anything else is none, and only numbers stand on the card by themselves', () => {
  const page = { figures: { score: { field: 'score', card: 'score' }, xp: { field: 'xp' }, place: { field: 'place', card: 'rank' } } } as const;
  expect(figuresOf(page, { score: 1234.5, xp: '9', place: null }, 'de')).toEqual({ byName: { score: '1.234,5', xp: '9' }, card: [{ kind: 'score', value: '1.234,5' }] });
  expect(figuresOf(page, { score: '8', place: true }, 'de')).toEqual({ byName: { score: '8' }, card: [] });
  expect(figuresOf(page, { score: Number.NaN, place: 3 }, 'en').card).toEqual([{ kind: 'rank', value: '3' }]);
  expect(figuresOf(undefined, { score: 1 }, 'en')).toEqual({ byName: {}, card: [] });
});

test.each([['First steps', 'First steps'], ['  two\u202e  words ', 'two words'], ['buy at evil.com', '…'], ['+49 170 1234567', '…'], ['\u200b', '…'], ['x'.repeat(200), `${'x'.repeat(59)}…`]])('a text %j of the run is said as %j', (badge, said) => {
  expect(figuresOf({ figures: { badge: { field: 'badge' } } }, { badge }, 'en').byName).toEqual({ badge: said });
});

test.each([
  ['Ana Ortiz', 'Ana'], ['  Ana ', 'Ana'], ['José María', 'José'], ['李 小龙', '李'], [null, null], ['', null], ['ana@example.com', null], ['Ana https://x.example', null],
  ['+49 170 1234567', null], ['12345', null], ['\u202eanA', 'anA'],
])('%j is named %j on a page for strangers', (name, shown) => {
  expect(firstNameOf(name)).toBe(shown);
});

test('of any name a page says one short word without what is not to be seen, or nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
    const shown = firstNameOf(name);
    expect(shown === null || (/\p{L}/u.test(shown) && !/[\s@\u202a-\u202e]/u.test(shown) && shown.length <= 400)).toBe(true);
  }));
});

test.each([['de-CH, en;q=0.5', 'de'], ['fr, es;q=0.3', 'es'], ['fr', 'en'], [undefined, 'en'], ['*', 'en'], ['x'.repeat(9_000), 'en']])('the page for %j is in %s', (asked, lang) => {
  expect(landingLanguage(asked)).toBe(lang);
});

test('a language is read from a tag, or it is none', () => {
  expect(['de-AT', 'ES', 'fr', '', '-', 'x'.repeat(100)].map(readLandingLanguage)).toEqual(['de', 'es', null, null, null, null]);
});

/** Each loop with a landing page, in each of its languages. */
const pages = Object.values(loops).flatMap(({ definition, words }) => LANDING_LANGUAGES.flatMap((lang) => {
  const page = words?.[lang]?.page;
  return page === undefined ? [] : [{ key: definition.key, lang, life: definition.life, words: page }];
}));

test('there are loops with landing pages, each in all languages', () => {
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.length % LANDING_LANGUAGES.length).toBe(0);
});

test.each(pages)('the page of $key in $lang can be said of any of its runs', ({ life, words }) => {
  const figures = life?.page?.figures ?? {};
  const always = Object.entries(figures).filter(([, { field }]) => life?.start.fields[field] === 'number' || life?.start.fields[field] === 'text').map(([name]) => [name, '1']);
  const said = sayPage(words, { tenantName: 'Lumen', inviterFirstName: null, figures: Object.fromEntries(always) });
  expect(JSON.stringify(said)).not.toContain('{{');
  expect([said.title, said.lead, said.ask, said.accept, said.decline, said.declined, said.card.heading, said.card.alt, said.share.subject, said.share.line].every((text) => text.trim() !== '')).toBe(true);
  const open = [words.title, words.lead, ...words.about, words.ask, words.card.heading, words.share.line].flatMap(slotsOf).filter((name) => name !== 'inviterName' && name !== 'tenantName');
  expect(open.filter((name) => !Object.hasOwn(figures, name))).toEqual([]);
  expect(said.card.heading.length).toBeLessThanOrEqual(110);
});
