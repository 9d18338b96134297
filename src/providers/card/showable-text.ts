/** What the embedded fonts have, as first and last code point: Latin with its extensions, Greek, Cyrillic, punctuation, currencies. */
const SHOWN: readonly (readonly [number, number])[] = [
  [0x20, 0x7e], [0xa1, 0xac], [0xae, 0x24f], [0x370, 0x377], [0x37a, 0x37d], [0x384, 0x386], [0x388, 0x3ff], [0x400, 0x45f], [0x490, 0x491], [0x1e00, 0x1eff],
  [0x2010, 0x2015], [0x2018, 0x201e], [0x2020, 0x2022], [0x2026, 0x2026], [0x2030, 0x2030], [0x2039, 0x203a], [0x20a0, 0x20bf], [0x2116, 0x2116], [0x2122, 0x2122], [0x2212, 0x2212],
];
/** Enough to find any card's line in; keeps the work bounded for input of any size. */
const READ_AT_MOST = 2_000;

/**
 * A line that the fonts can show: composed, one space between words, cut to `most` characters with an ellipsis. Whatever they have no sign
 * for (emoji, other scripts, control and direction characters, half characters) is left out, so that no drawing program looks for it elsewhere.
 */
export function showableText(raw: string, most: number): string {
  const kept: string[] = [];
  for (const character of raw.slice(0, READ_AT_MOST).normalize('NFC').replaceAll(/\s+/gu, ' ')) {
    const code = character.codePointAt(0) ?? 0;
    if (SHOWN.some(([first, last]) => code >= first && code <= last)) kept.push(character);
  }
  // All of them are one UTF-16 unit long.
  const line = kept.join('').replaceAll(/ {2,}/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
