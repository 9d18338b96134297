import type { PageLanguage } from '../../domain/preference/page-language.ts';
import { de } from './referral-words-de.ts';
import { en } from './referral-words-en.ts';
import { es } from './referral-words-es.ts';
import { fr } from './referral-words-fr.ts';
import type { ReferralWords } from './referral-sentences.ts';

export const REFERRAL_WORDS: Readonly<Record<PageLanguage, ReferralWords>> = { en, de, es, fr };
