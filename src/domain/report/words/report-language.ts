import { languageAmong } from '../../preference/page-language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { ReportWords } from './report-words.ts';

/** The languages that reports are written in. */
export const REPORT_LANGUAGES = ['en', 'es', 'de'] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];

const BOOK: Readonly<Record<ReportLanguage, ReportWords>> = { en, es, de };

/** The language of a reader's locale (BCP 47), else English. */
export function reportLanguage(locale: string | null): ReportLanguage {
  return languageAmong(REPORT_LANGUAGES, locale, undefined) ?? 'en';
}

export function reportWords(language: ReportLanguage): ReportWords {
  return BOOK[language];
}
