import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Tx } from '../../db/client.ts';
import { isGuestOfRun, readMemberPlay, type MemberPlayView } from '../../db/read/play-member.ts';
import { takeMemberAnswer } from '../../db/write/play/take-member-answer.ts';
import { hashSecret } from '../config/keyring.ts';
import { landingLanguage, readLandingLanguage } from '../domain/landing/landing-language.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { isPlayForm, playFormToken, type PlayForm } from '../domain/play/form-token.ts';
import { readGuestToken } from '../domain/play/guest-token.ts';
import { answeredIn } from '../domain/play/judge-answer.ts';
import { ownMark } from '../domain/play/own-mark.ts';
import { readWaitingToken, waitingPath, type WaitingLink } from '../domain/play/waiting-token.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { COUNTDOWN_WORDS } from './pages/countdown-words.ts';
import { notePage, ownResultPage, questionPage, refusedPage, type Game, type Refusal } from './pages/play-pages.ts';
import { askForPage, refuseMethod, sendUnavailable } from './pages/serve-page.ts';
import { guestTokensIn, ownCookie } from './play-cookie.ts';
import { readPlayForm, type PlayAnswer } from './play-form.ts';
import { isPlayedByMember } from './play-loop.ts';
import { REFUSED_ANSWERS } from './play-refusals.ts';
import { on, sendShown, shown, type Shown } from './play-shown.ts';
import { gameOf } from './play-view.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';

const ROUTE = '/w/{token}/play';

/**
 * `/w/{token}/play`, where the member plays for whom a run was started, in loops in which both answer the same: one question a page, by the same rules as a
 * guest, from the page that only the app leads the member to. A browser in which somebody plays as a guest of this run plays no second part.
 */
export function ownPlayRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request));
  router.route('/w/:token/play')
    .get(limited, async (request, response) => { await serve(services, request, response, (own) => look(services, own)); })
    .post(limited, async (request, response) => {
      const form = await readPlayForm(request, response);
      await serve(services, request, response, (own) => answer(services, own, form));
    })
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  return router;
}

/** The member's browser at the game of a run. */
type Own = { readonly tx: Tx; readonly link: WaitingLink; readonly view: MemberPlayView; readonly lang: LandingLanguage; readonly path: string };

/** `cookie`: that the browser is the member's from now on. */
type Marked = Shown & { readonly cookie?: string };

async function serve(services: Services, request: Request, response: Response, show: (own: Own) => Promise<Shown>): Promise<void> {
  contextOf(response).route = ROUTE;
  const made = await askForPage(services, ROUTE, () => ask(services, request, show));
  if (made?.cookie !== undefined) response.setHeader('Set-Cookie', made.cookie);
  if (made === null) sendUnavailable(response, request.originalUrl);
  else sendShown(response, made);
}

async function ask(services: Services, request: Request, show: (own: Own) => Promise<Shown>): Promise<Marked> {
  const { db, keyring, clock } = services;
  const link = readWaitingToken(keyring, String(request.params['token']));
  if (link === null) return shown(LINK_NOT_FOUND, 404);
  const { tenantId, runId } = link;
  const path = waitingPath(keyring, link);
  const made = await db.asTenant(tenantId, async (tx): Promise<Marked> => {
    const view = await readMemberPlay(tx, { tenantId, runId, now: clock.now() });
    if (view === null || !isPlayedByMember(view.loop)) return on(path);
    const lang = (view.locale === null ? null : readLandingLanguage(view.locale)) ?? landingLanguage(request.headers['accept-language']);
    const guests = guestTokensIn(request.headers.cookie).flatMap((text) => readGuestToken(text) ?? []).filter((guest) => guest.tenantId === tenantId);
    const isGuest = await isGuestOfRun(tx, { tenantId, runId, tokenHashes: guests.map(({ secret }) => hashSecret(secret)) });
    const own = { tx, link, view, lang, path };
    if (!isGuest) return { ...await show(own), cookie: ownCookie(ownMark(keyring, { tenantId, memberId: view.memberId }), view.publicUrl.startsWith('https:')) };
    const { oneBrowserTitle, oneBrowser, back } = COUNTDOWN_WORDS[lang];
    return shown(notePage(gameIn(services, own), { title: oneBrowserTitle, text: oneBrowser, back: path, backLabel: back }), 403);
  });
  services.afterCommit?.(tenantId);
  return made;
}

async function look(services: Services, own: Own): Promise<Shown> {
  const { view, path } = own;
  // Told by the app: there is nothing left to answer.
  if (view.hasMemberFinished && !hasAnsweredAll(view)) return on(path);
  return standing(services, own, null, 200);
}

async function answer(services: Services, own: Own, form: PlayAnswer | null): Promise<Shown> {
  const { tx, link, view, path } = own;
  const { keyring, clock } = services;
  if (form === null || !isPlayForm(keyring, formOf(own, form), form.page)) return refused(services, own, 'oldPage', 422);
  if (view.hasMemberFinished && !hasAnsweredAll(view)) return on(path);
  const { choice } = form;
  if (choice === null) return standing(services, own, 'nothingChosen', 422);
  const taken = await takeMemberAnswer(tx, keyring, { ...link, given: { ...form, choice }, now: clock.now() });
  if (taken === null) return on(path);
  const { outcome } = taken.judged;
  if (outcome === 'taken' || outcome === 'again') return on(`${path}/play`);
  const { refusal, status } = REFUSED_ANSWERS[outcome];
  return refused(services, { ...own, view: taken.view }, refusal, status);
}

function standing(services: Services, own: Own, refusal: Refusal | null, status: number): Shown {
  const { view, lang, path } = own;
  const game = gameIn(services, own);
  const n = answeredIn(view.plays, 1);
  if (n < view.questions.length && !view.isOver) return shown(questionPage(game, { round: 1, n, pageToken: playFormToken(services.keyring, formOf(own, { round: 1, n })), refusal }), status);
  const words = COUNTDOWN_WORDS[lang];
  return shown(ownResultPage(game, { more: view.isOver ? null : words.waitForBuddy, back: path, backLabel: words.back }), status);
}

function refused(services: Services, own: Own, refusal: Refusal, status: number): Shown {
  return shown(refusedPage(gameIn(services, own), refusal), status);
}

function gameIn(services: Services, { link: { tenantId }, view, lang, path }: Own): Game {
  return gameOf(services, { tenantId, lang, path: `${path}/play` }, view);
}

/** Nobody else has the member's id and this run. */
function formOf({ view, link }: Own, { round, n }: Pick<PlayForm, 'round' | 'n'>): PlayForm {
  return { guest: view.memberId, code: link.runId, round, n };
}

function hasAnsweredAll({ plays, questions }: MemberPlayView): boolean {
  return answeredIn(plays, 1) === questions.length;
}
