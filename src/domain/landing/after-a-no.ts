import type { LandingLanguage } from './page-words.ts';

/** What a landing page says to whom said no, for loops that say the same; between friends, with what stands for the inviter whose name may not be shown. */

/** On first-name terms. */
export const BETWEEN_FRIENDS: Readonly<Record<LandingLanguage, { readonly declined: string; readonly inviterWithoutName: string }>> = {
  en: { declined: 'All right. Nothing more is asked of you.', inviterWithoutName: 'a friend' },
  es: { declined: 'De acuerdo. No se te pide nada más.', inviterWithoutName: 'alguien que conoces' },
  de: { declined: 'In Ordnung. Es wird nichts weiter von dir verlangt.', inviterWithoutName: 'jemand aus deinem Umfeld' },
};

/** Where a guest may have looked around first. */
export const NOTHING_KEPT: Readonly<Record<LandingLanguage, string>> = {
  en: 'All right. Nothing was kept of you.',
  es: 'De acuerdo. No hemos guardado nada de usted.',
  de: 'In Ordnung. Von Ihnen wurde nichts behalten.',
};
