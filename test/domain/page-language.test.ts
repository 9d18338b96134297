import fc from 'fast-check';
import { PAGE_LANGUAGES, pageLanguage } from '../../src/domain/preference/page-language.ts';

test.each([
  ['de-AT', 'fr', 'de'],
  ['de_ch', undefined, 'de'],
  ['pt-BR', 'es-MX,es;q=0.9', 'es'],
  [null, 'pt, fr;q=0.4, de;q=0.8', 'de'],
  [null, 'de;q=0, fr;q=0.1', 'fr'],
  [null, '*', 'en'],
  [null, undefined, 'en'],
  ['not a tag!', 'xx-yy;q=nothing', 'en'],
] as const)('locale %j with Accept-Language %j is shown in %s', (locale, header, expected) => {
  expect(pageLanguage(locale, header)).toBe(expected);
});

test('whatever a browser sends, the page has a language', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (locale, header) => {
    expect(PAGE_LANGUAGES).toContain(pageLanguage(locale, header));
  }));
});
