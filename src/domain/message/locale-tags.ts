/** A language tag as a person or an app may write it, in its one right form (BCP 47: `de_at` is `de-AT`); null where it is none. */
export function canonicalTag(wanted: string | null | undefined): string | null {
  if (wanted === null || wanted === undefined || wanted === '') return null;
  try {
    return Intl.getCanonicalLocales(wanted.replaceAll('_', '-').slice(0, 100))[0] ?? null;
  } catch {
    return null;
  }
}

/** A canonical tag and what it falls back to, best first: `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647, 3.4: Lookup). */
export function fallbackTags(tag: string): string[] {
  const parts = tag.split('-');
  const tags: string[] = [];
  while (parts.length > 0) {
    tags.push(parts.join('-'));
    parts.pop();
    // a single letter only begins an extension: it means nothing by itself
    while (parts.length > 1 && parts.at(-1)?.length === 1) parts.pop();
  }
  return tags;
}

/** Language, script and region at most: what words can be written for. */
const PLAIN_TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/;

export function isPlainTag(tag: string): boolean {
  return PLAIN_TAG.test(tag);
}

export function languageOf(tag: string): string {
  return tag.split('-')[0] ?? tag;
}

const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** Which way a canonical tag's likely script is written. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr';
}
