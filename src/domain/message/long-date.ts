const MEMORY = 500;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar date in a zone, in a locale's long form ("24 June 2026"). Making a formatter costs more than a whole message: they are kept. */
export function longDate(at: number, locale: string, zone: string): string {
  const key = `${locale} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone });
    if (formats.size >= MEMORY) formats.clear();
    formats.set(key, format);
  }
  const date = format.format(at);
  // French alone writes the first as an ordinal, which CLDR's pattern cannot say
  return /^fr\b/.test(locale) ? date.replace(/^1(?= )/, '1er') : date;
}
