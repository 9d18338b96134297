import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { readPlayPage, type PlayView } from '../../db/read/play-page.ts';
import { takeAnswer, type TakenAnswer } from '../../db/write/play/take-answer.ts';
import { hashSecret } from '../config/keyring.ts';
import { landingLanguage } from '../domain/landing/landing-language.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { isAuthentic, readCode } from '../domain/link/code.ts';
import { isPlayForm } from '../domain/play/form-token.ts';
import { readGuestToken } from '../domain/play/guest-token.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { noCookiesPage, refusedPage, type Refusal } from './pages/play-pages.ts';
import { askForPage, refuseMethod, sendUnavailable, unreadablePath } from './pages/serve-page.ts';
import { guestTokenIn, playPath } from './play-cookie.ts';
import { readPlayForm, type PlayAnswer } from './play-form.ts';
import { REFUSED_ANSWERS } from './play-refusals.ts';
import { on, sendShown, shown, type Shown } from './play-shown.ts';
import { againPage, guestGame, signUpAddress, standingPage, type Player } from './play-view.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';

const ROUTE = '/play/{code}';

/**
 * `/play/{code}`, where a guest plays: one question a page, without JavaScript, answers by POST, each page with a token of its own. The guest
 * is known by a cookie that accepting the invitation gave (`guestCookies`); whoever has none is led to the invitation, `/i/{code}`, so that a game's address
 * can be passed on like the link itself. `/again` is the one rematch, `/sign-up` leads on to the app.
 */
export function playPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request));
  const page = (show: (player: Player) => Promise<Shown>): RequestHandler => serve(services, (request) => {
    const player = playerOf(services, request);
    return 'kind' in player ? Promise.resolve(player) : show(player);
  });
  router.route('/play/:code')
    .get(limited, page((player) => look(services, player, (view) => shown(standingPage(services, player, view)))))
    .post(limited, async (request, response, next) => {
      const form = await readPlayForm(request, response);
      await page((player) => answer(services, player, form))(request, response, next);
    })
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.route('/play/:code/again')
    .get(limited, page((player) => look(services, player, (view) => {
      const again = againPage(services, player, view);
      return again === null ? on(playPath(player.code)) : shown(again);
    })))
    .all(refuseMethod(`${ROUTE}/again`, 'GET, HEAD'));
  router.route('/play/:code/sign-up')
    .get(limited, page((player) => look(services, player, (view) => {
      const to = signUpAddress(player, view);
      return to === null ? on(playPath(player.code)) : { kind: 'on', status: 302, to };
    })))
    .all(refuseMethod(`${ROUTE}/sign-up`, 'GET, HEAD'));
  router.use(unreadablePath(ROUTE, LINK_NOT_FOUND));
  return router;
}

function serve(services: Services, show: (request: Request) => Promise<Shown>): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = ROUTE;
    const made = await askForPage(services, ROUTE, () => show(request));
    if (made === null) sendUnavailable(response, request.originalUrl);
    else sendShown(response, made);
  };
}

/**
 * Who plays; or where a browser without a guest's cookie is led. One that comes from a page of ours (`Sec-Fetch-Site`, W3C Fetch Metadata) has
 * just been given a cookie and did not keep it: it hears of that instead of being led in a circle.
 */
function playerOf({ keyring }: Services, request: Request): Player | Shown {
  const code = readCode(String(request.params['code']));
  if (code === null || !isAuthentic(keyring, code)) return shown(LINK_NOT_FOUND, 404);
  const lang = landingLanguage(request.headers['accept-language']);
  const text = guestTokenIn(request.headers.cookie);
  const token = text === null ? null : readGuestToken(text);
  if (text === null || token === null) return request.headers['sec-fetch-site'] === 'same-origin' ? shown(noCookiesPage(lang), 422) : on(`/i/${code}`);
  return { tenantId: token.tenantId, tokenHash: hashSecret(token.secret), guestToken: text, code, lang };
}

async function look({ db, clock }: Services, player: Player, show: (view: PlayView) => Shown): Promise<Shown> {
  const { tenantId, tokenHash, code } = player;
  const view = await db.asTenant(tenantId, (tx) => readPlayPage(tx, { tenantId, tokenHash, code, lock: false, now: clock.now() }));
  return view === null ? on(`/i/${code}`) : show(view);
}

async function answer(services: Services, player: Player, form: PlayAnswer | null): Promise<Shown> {
  const { db, keyring, clock, afterCommit } = services;
  const { tenantId, tokenHash, code } = player;
  if (form === null || !isPlayForm(keyring, { ...form, guest: Buffer.from(tokenHash).toString('hex'), code }, form.page)) return refused(services, player, 'oldPage', 422);
  const { choice } = form;
  if (choice === null) return look(services, player, (view) => shown(standingPage(services, player, view, 'nothingChosen'), 422));
  const taken = await db.asTenant(tenantId, (tx) => takeAnswer(tx, keyring, { tenantId, tokenHash, code, given: { ...form, choice }, now: clock.now() }));
  if (taken === null) return on(`/i/${code}`);
  if (taken.judged.outcome === 'taken') afterCommit?.(tenantId);
  return answered(services, player, taken);
}

function answered(services: Services, player: Player, { judged, view }: TakenAnswer): Shown {
  if (judged.outcome === 'taken' || judged.outcome === 'again') return on(playPath(player.code));
  const { refusal, status } = REFUSED_ANSWERS[judged.outcome];
  return shown(refusedPage(guestGame(services, player, view), refusal), status);
}

function refused(services: Services, player: Player, refusal: Refusal, status: number): Promise<Shown> {
  return look(services, player, (view) => shown(refusedPage(guestGame(services, player, view), refusal), status));
}
