import { canonicalTag, fallbackTags } from '../message/locale-tags.ts';

/** The languages that pages for recipients are written in. */
export const PAGE_LANGUAGES = ['en', 'de', 'es', 'fr'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/** Longer headers are read up to here: browsers send some dozens of characters. */
const READ_AT_MOST = 500;

/**
 * Which language a page is shown in: that of the recipient's locale where we have it, else the best of what the browser
 * asks for (`Accept-Language`, RFC 9110 12.5.4), else English.
 */
export function pageLanguage(locale: string | null, acceptLanguage: string | undefined): PageLanguage {
  return languageAmong(PAGE_LANGUAGES, locale, acceptLanguage) ?? 'en';
}

/** The same among the languages that something is written in; null where none of them is asked for. */
export function languageAmong<L extends string>(known: readonly L[], locale: string | null, acceptLanguage: string | undefined): L | null {
  const ofTag = (tag: string | null): L | null => {
    const canonical = canonicalTag(tag);
    if (canonical === null) return null;
    const fallbacks = fallbackTags(canonical.toLowerCase());
    return known.find((language) => fallbacks.includes(language)) ?? null;
  };
  return ofTag(locale) ?? wantedOf(acceptLanguage ?? '').map(ofTag).find((language) => language !== null) ?? null;
}

/** The tags of the header, most wanted first; of equals, the first. */
function wantedOf(header: string): string[] {
  const ranges = header.slice(0, READ_AT_MOST).split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  return ranges.filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0).toSorted((a, b) => b.weight - a.weight).map(({ tag }) => tag);
}
