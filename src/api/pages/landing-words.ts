import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import type { LandingWords } from './landing-sentences.ts';
import { de } from './landing-words-de.ts';
import { en } from './landing-words-en.ts';
import { es } from './landing-words-es.ts';

/** What stopping says of itself in the log of consents. Raise it with every change of a word. */
export const LANDING_WORDING = 'landing/1';

export const LANDING_WORDS: Readonly<Record<LandingLanguage, LandingWords>> = { en, es, de };
