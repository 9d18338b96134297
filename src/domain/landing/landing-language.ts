import { languageAmong } from '../preference/page-language.ts';
import { LANDING_LANGUAGES } from './page-words.ts';
import type { LandingLanguage } from './page-words.ts';

/** In which language a landing page is shown: the best of what the browser asks for (`Accept-Language`), else English. */
export function landingLanguage(acceptLanguage: string | undefined): LandingLanguage {
  return languageAmong(LANDING_LANGUAGES, null, acceptLanguage) ?? 'en';
}

/** A language as a query names it (`de`, `de-AT`); null where it is none that these pages are written in. */
export function readLandingLanguage(asked: string): LandingLanguage | null {
  return languageAmong(LANDING_LANGUAGES, asked.slice(0, 35), undefined);
}
