/** Enough to find any name's first forty characters in; keeps the work bounded for input of any size. */
const READ_AT_MOST = 4000;
const PERSON_NAME_MAX = 40;

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}]+/gu;
/** Letters and format characters that show nothing (bidi overrides and zero-width characters among them), joiners aside. */
const INVISIBLE = /[\u034f\u115f\u1160\u2800\u3164\uffa0]|(?![\u200c\u200d])\p{Cf}/gu;
/** Joiners are part of the spelling in some scripts and in emoji; after anything else they only hide something. */
const STRAY_JOINER = /(?<![\p{M}\p{Emoji_Modifier}\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Syriac}])[\u200c\u200d]+/gu;
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Characters that no step below would touch: most lines are made of these alone, and the Unicode classes are not cheap. */
const HARMLESS = /^[\x20-\x7e\u00c0-\u024f\u2013\u2014\u2018-\u201d\u2026]*$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One line without control, bidi-override, zero-width or private-use characters, cut to `max` graphemes with an ellipsis. */
export function cleanLine(raw: string, max: number): string {
  const read = raw.slice(0, READ_AT_MOST);
  if (HARMLESS.test(read)) return cutToGraphemes(read.replace(/ {2,}/g, ' ').trim(), max);
  const line = read
    .replace(BREAKS, ' ')
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
    .replace(PILED_MARKS, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  return cutToGraphemes(line, max);
}

/** A few lines (a postal address), each clean, empty ones left out. */
export function cleanLines(raw: string, maxLines: number, max: number): string[] {
  return raw
    .slice(0, READ_AT_MOST)
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line) => cleanLine(line, max))
    .filter((line) => line !== '')
    .slice(0, maxLines);
}

/**
 * A person's name as it may stand in a subject, a sender's name and a text that goes to a stranger: at most 40
 * graphemes. null when nothing is left, or when it carries an address, a link or a phone number: an invitation in
 * somebody's name is an open relay for such text.
 */
export function cleanPersonName(raw: string | null | undefined): string | null {
  const name = cleanLine(raw ?? '', READ_AT_MOST);
  if (!/\p{L}/u.test(name) || carriesContact(name)) return null;
  // a dot between letters is what mail clients turn into a link
  return cutToGraphemes(name.replace(/(?<=\p{L})[.。．｡](?=\p{L})/gu, '. '), PERSON_NAME_MAX);
}

const LINK = /\/\/|\bwww\.|@/i;
const COUNTRY_DOMAIN = /[\p{L}\p{N}-]{2}\.(?:[a-z]{2}|[A-Z]{2})(?![\p{L}\p{N}])/u;
const GENERIC_DOMAIN =
  /[\p{L}\p{N}-]{2}\.(?:com|net|org|info|biz|app|dev|shop|store|online|site|xyz|top|club|live|link|click|win|vip|icu|buzz|fun|space|tech|website|world|mobi|cloud|page|life|today)(?![\p{L}\p{N}])/iu;
const PHONE = /(?:\p{Nd}[\s().+\-–/]*){7}/u;

/** Does a line hold what looks like an address, a link or a phone number? */
export function carriesContact(name: string): boolean {
  const folded = name.normalize('NFKC').replace(/[。｡]/gu, '.');
  return [LINK, COUNTRY_DOMAIN, GENERIC_DOMAIN, PHONE].some((pattern) => pattern.test(folded));
}

function cutToGraphemes(line: string, max: number): string {
  if (line.length <= max) return line;
  const kept: string[] = [];
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length === max) return `${kept.slice(0, -1).join('').trimEnd()}…`;
    kept.push(segment);
  }
  return line;
}
