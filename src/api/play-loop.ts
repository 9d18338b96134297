import { findLiveLoop } from '../../workflows/registry.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { longDate } from '../domain/message/long-date.ts';
import { COUNTDOWN_WORDS } from './pages/countdown-words.ts';
import { PLAY_WORDS, say } from './pages/play-words.ts';

/** What tells that somebody has answered the questions of a run. */
const COMPLETED = 'deck_completed';
const MINUTE_MS = 60_000;

/** The time left is what counts in loops that say so. */
export function isCountdown(loop: string): boolean {
  return findLiveLoop(loop)?.definition.life.deck?.shows === 'countdown';
}

/** The member for whom a run is started answers its questions, too: those whose finished deck it hears of. */
export function isPlayedByMember(loop: string): boolean {
  return findLiveLoop(loop)?.definition.life.roles.member.hears[COMPLETED] !== undefined;
}

/** Rounded up. */
export function minutesLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / MINUTE_MS));
}

/** How long a game can still be played: minutes where they count, else the date in the game's zone. */
export function openFor({ loop, endsAt, zone }: { readonly loop: string; readonly endsAt: number; readonly zone: string }, lang: LandingLanguage, now: number): string {
  if (!isCountdown(loop)) return say(PLAY_WORDS[lang].until, { until: longDate(endsAt, lang, zone) });
  const left = minutesLeft(endsAt, now);
  return left <= 1 ? COUNTDOWN_WORDS[lang].leftOne : say(COUNTDOWN_WORDS[lang].left, { n: left });
}
