/** Longer than any SMS a vendor takes (1,600 characters). */
const LONGEST = 2000;

/** Signs that say "stop" where there is no word. */
const STOP_SIGN = /[\u{1F6D1}\u{1F6AB}\u{26D4}]/u;

const SPELLED_OUT = /(?<!\p{L})(?:\p{L}[.*_-]){2,}\p{L}(?!\p{L})/gu;

/**
 * What somebody typed on a phone, as plain words by clauses: lower case without accents, full-width letters as plain
 * ones, without emoji and invisible characters. `s t o p` and `s.t.o.p` are one word, so is `don't`; other apostrophes
 * part words. A stop sign by itself is the word.
 */
export function plainClauses(text: string): string[] {
  const read = text.slice(0, LONGEST);
  if (STOP_SIGN.test(read) && !/[\p{L}\p{N}]/u.test(read)) return ['stop'];
  return read
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(SPELLED_OUT, (word) => word.replace(/\P{L}/gu, ''))
    .replace(/n['’‘`´]t(?!\p{L})/gu, 'nt')
    .split(/[.!?;:,\n\r¡¿…]|\s[-–—]+\s/u)
    .map((clause) => clause.replace(/[^\p{L}\p{N}]+/gu, ' ').trim())
    .map((clause) => (/^\p{L}(?: \p{L}){2,}$/u.test(clause) ? clause.replaceAll(' ', '') : clause))
    .filter((clause) => clause !== '');
}
