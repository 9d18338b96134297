import type { PageLanguage } from '../../domain/preference/page-language.ts';
import { de } from './preference-words-de.ts';
import { en } from './preference-words-en.ts';
import { es } from './preference-words-es.ts';
import { fr } from './preference-words-fr.ts';
import type { PreferenceWords } from './preference-sentences.ts';

/** What the preference page says. Raise it with every change of a word: the log of consents names what people read. */
export const PREFERENCE_WORDING = 'preference-page/2';

export const PREFERENCE_WORDS: Readonly<Record<PageLanguage, PreferenceWords>> = { en, de, es, fr };
