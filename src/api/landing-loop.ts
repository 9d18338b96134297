import { findLiveLoop } from '../../workflows/registry.ts';
import { GUEST_ROLE_NAME } from '../domain/play/guest-role.ts';
import type { LifePage } from '../domain/landing/life-page.ts';
import type { LandingLanguage, PageWords } from '../domain/landing/page-words.ts';

/** What a loop's folder says of its landing page. */
export type LandingLoop = { readonly words: PageWords; readonly page: LifePage | undefined };

/** The landing page of a loop's runs, in a language, else in English; null: it has none, and its links lead on at once. */
export function landingLoop(key: string, lang: LandingLanguage): LandingLoop | null {
  const loop = findLiveLoop(key);
  const words = loop?.words[lang]?.page ?? loop?.words.en.page;
  return loop === null || words === undefined ? null : { words, page: loop.definition.life.page };
}

/** What a run of this loop hears of the guests who play by its link. */
export function guestHears(key: string): Readonly<Record<string, string>> {
  return findLiveLoop(key)?.definition.life.roles[GUEST_ROLE_NAME]?.hears ?? {};
}
