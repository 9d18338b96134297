import type { GameView, PlayView } from '../../db/read/play-page.ts';
import type { TenantId } from '../domain/ids.ts';
import { firstNameOf } from '../domain/landing/first-name.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { checkDestination } from '../domain/link/check-destination.ts';
import { defaultDestination } from '../domain/link/default-destination.ts';
import { cleanLine } from '../domain/message/clean-text.ts';
import { boardPath } from '../domain/rally/board-token.ts';
import { playFormToken } from '../domain/play/form-token.ts';
import { answeredIn, compareScores, finalScore, roundOf } from '../domain/play/judge-answer.ts';
import { signUpUrl } from '../domain/play/sign-up-url.ts';
import { COUNTDOWN_WORDS } from './pages/countdown-words.ts';
import type { Page } from './pages/page.ts';
import { overPage, questionPage, resultPage, type Game, type Onward, type Refusal } from './pages/play-pages.ts';
import { say, PLAY_WORDS } from './pages/play-words.ts';
import { playPath } from './play-cookie.ts';
import { isCountdown, openFor } from './play-loop.ts';
import type { Services } from './services.ts';

/** A guest's browser at a game: whose token it brought, by which link. */
export type Player = { readonly tenantId: TenantId; readonly tokenHash: Buffer; readonly guestToken: string; readonly code: string; readonly lang: LandingLanguage };
type Keys = Pick<Services, 'keyring' | 'clock'>;
/** Whose pages: in which language, and where they lead. */
type Asked = { readonly tenantId: TenantId; readonly lang: LandingLanguage; readonly path: string };

const LONGEST = 300;

/** A game as its pages say it: names and texts fit to be shown. */
export function gameOf({ keyring, clock }: Keys, { tenantId, lang, path }: Asked, view: GameView): Game {
  return {
    lang,
    writer: { tenantName: cleanLine(view.tenantName, LONGEST), fromName: view.fromName, postalAddress: view.postalAddress },
    inviterName: firstNameOf(view.inviterSealed === null ? null : keyring.open(tenantId, view.inviterSealed)),
    deckTitle: view.title === null ? (isCountdown(view.loop) ? COUNTDOWN_WORDS[lang].game : null) : cleanLine(view.title, LONGEST),
    questions: view.questions.map(({ text, choices }) => ({ text: cleanLine(text, LONGEST), choices: choices.map((choice) => cleanLine(choice, LONGEST)) })),
    plays: view.plays,
    scoreToBeat: view.scoreToBeat,
    open: openFor(view, lang, clock.now()),
    path,
  };
}

/** A guest's game. */
export function guestGame(services: Keys, { tenantId, code, lang }: Player, view: PlayView): Game {
  return gameOf(services, { tenantId, lang, path: playPath(code) }, view);
}

/** Where the game stands: the next question, the result, or that it is over. */
export function standingPage(services: Keys, player: Player, view: PlayView, refusal: Refusal | null = null): Page {
  const game = guestGame(services, player, view);
  const round = roundOf(view.plays);
  const n = answeredIn(view.plays, round);
  if (n === view.questions.length) return resultPage(game, onwardOf(services, player, view));
  if (view.isOver) return finalScore(view.plays, view.questions.length) === null ? overPage(game, onwardOf(services, player, view)) : resultPage(game, onwardOf(services, player, view));
  return questionPage(game, { round, n, pageToken: tokenFor(services, player, round, n), refusal });
}

/** The first question of the rematch; null where there is none (any more), or not yet. */
export function againPage(services: Keys, player: Player, view: PlayView): Page | null {
  if (!mayPlayAgain(view)) return null;
  return questionPage(guestGame(services, player, view), { round: 2, n: 0, pageToken: tokenFor(services, player, 2, 0), refusal: null });
}

/** Where the guest signs up; null where the tenant no longer lets anybody be led there. The app gets the token: it sends it with `signed_up`. */
export function signUpAddress({ guestToken }: Pick<Player, 'guestToken'>, view: PlayView): string | null {
  const checked = checkDestination(view.destination === '' ? defaultDestination(view) : view.destination, view);
  return checked.outcome === 'refused' ? null : signUpUrl(checked.href, { clickId: view.touchId, utm: view.utm, guestToken });
}

function onwardOf({ keyring }: Keys, player: Player, view: PlayView): Onward {
  const path = playPath(player.code);
  const score = finalScore(view.plays, view.questions.length);
  const hasWon = score !== null && view.scoreToBeat !== null && compareScores(score, view.scoreToBeat) === 'won';
  return {
    together: togetherOf(player, view, keyring),
    signUp: signUpAddress(player, view) === null ? null : `${path}/sign-up`,
    hasJoined: view.joinedAs !== null,
    board: view.hasBoard ? boardPath(keyring, { tenantId: player.tenantId, runId: view.runId, personId: view.guestId }) : null,
    again: mayPlayAgain(view) && !hasWon ? `${path}/again` : null,
  };
}

/** Where both answer the same: what the guest has helped to, or is still waited for. */
function togetherOf({ tenantId, lang }: Player, { loop, hasMemberFinished, inviterSealed, isOver }: PlayView, keyring: Services['keyring']): string | null {
  if (!isCountdown(loop)) return null;
  const words = COUNTDOWN_WORDS[lang];
  if (hasMemberFinished) return words.savedByYou;
  const inviter = firstNameOf(inviterSealed === null ? null : keyring.open(tenantId, inviterSealed)) ?? PLAY_WORDS[lang].inviterWithoutName;
  return isOver ? null : say(words.waitForMember, { inviter });
}

function mayPlayAgain({ plays, questions, rounds, isOver }: PlayView): boolean {
  return rounds > 1 && !isOver && roundOf(plays) === 1 && answeredIn(plays, 1) === questions.length;
}

function tokenFor({ keyring }: Pick<Services, 'keyring'>, { tokenHash, code }: Player, round: number, n: number): string {
  return playFormToken(keyring, { guest: tokenHash.toString('hex'), code, round, n });
}
