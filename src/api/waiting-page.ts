import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { readWaitingPage, type WaitingView } from '../../db/read/waiting-page.ts';
import { runTopic } from '../domain/play/stream-topic.ts';
import { landingLanguage, readLandingLanguage } from '../domain/landing/landing-language.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { cleanLine } from '../domain/message/clean-text.ts';
import { longDate } from '../domain/message/long-date.ts';
import { ownMark } from '../domain/play/own-mark.ts';
import { readWaitingToken, waitingPath, type WaitingLink } from '../domain/play/waiting-token.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { askForPage, refuseMethod, sendUnavailable, unreadablePath } from './pages/serve-page.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { countdownPage, countdownState, type CountdownState } from './pages/countdown-page.ts';
import { unknownWaitingPage, waitingPage } from './pages/waiting-page.ts';
import { sendWaitingPage } from './pages/waiting-shell.ts';
import { ownCookie } from './play-cookie.ts';
import { isCountdown, isPlayedByMember, minutesLeft } from './play-loop.ts';
import { ownPlayRouter } from './play-own.ts';
import { contextOf } from './request-context.ts';
import { sendStream } from './send-stream.ts';
import type { Services } from './services.ts';

const ROUTE = '/w/{token}';
const LIVE_ROUTE = '/w/{token}/live';
const LONGEST = 300;
const MINUTE_MS = 60_000;

/**
 * `/w/{token}`, what the start of a challenge answers with: the member who asked sees who plays, and how it ends, live (`/live`, server-sent
 * events). The token is signed and tells of one run; friends are told apart by the order of coming alone.
 */
export function waitingPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request));
  router.route('/w/:token').get(limited, async (request, response) => { await show(services, request, response); }).all(refuseMethod(ROUTE, 'GET, HEAD'));
  router.route('/w/:token/live').get(limited, async (request, response) => { await live(services, request, response); }).all(refuseMethod(LIVE_ROUTE, 'GET'));
  router.use(ownPlayRouter(services));
  router.use(unreadablePath(ROUTE, LINK_NOT_FOUND));
  return router;
}

type Found = { readonly link: WaitingLink; readonly view: WaitingView };

async function find({ db, keyring, clock }: Services, request: Request): Promise<Found | 'unknown'> {
  const link = readWaitingToken(keyring, String(request.params['token']));
  if (link === null) return 'unknown';
  const view = await db.asTenant(link.tenantId, (tx) => readWaitingPage(tx, { ...link, now: clock.now() }));
  return view === null ? 'unknown' : { link, view };
}

async function show(services: Services, request: Request, response: Response): Promise<void> {
  contextOf(response).route = ROUTE;
  const found = await askForPage(services, ROUTE, () => find(services, request));
  if (found === null) {
    sendUnavailable(response, request.originalUrl);
    return;
  }
  if (found === 'unknown') {
    sendWaitingPage(response, unknownWaitingPage(landingLanguage(request.headers['accept-language'])), { status: 404, isLive: false });
    return;
  }
  const { view, link } = found;
  const { memberId } = view;
  if (memberId !== null) response.setHeader('Set-Cookie', ownCookie(ownMark(services.keyring, { ...link, memberId }), view.publicUrl.startsWith('https:')));
  const lang = languageOf(request, view);
  if (isCountdown(view.loop)) sendWaitingPage(response, countdownOf(services, found, lang), { status: 200, isLive: standingOf(view) === 'open' });
  else sendWaitingPage(response, pageOf(view, lang), { status: 200, isLive: !view.isOver });
}

function pageOf(view: WaitingView, lang: LandingLanguage) {
  return waitingPage({
    lang,
    writer: { tenantName: cleanLine(view.tenantName, LONGEST), fromName: view.fromName, postalAddress: view.postalAddress },
    title: view.title === null ? null : cleanLine(view.title, LONGEST),
    questions: view.questions, places: view.places, placesLeft: Math.max(0, view.places - view.friends.length),
    scoreToBeat: view.scoreToBeat, until: longDate(view.endsAt, lang, view.zone), isOver: view.isOver, declined: view.declined, friends: view.friends,
    link: view.code === null ? null : new URL(`/i/${view.code}`, view.publicUrl).href,
  });
}

function standingOf(view: WaitingView): CountdownState {
  return countdownState({ ...view, buddies: view.friends });
}

function countdownOf({ keyring, clock }: Services, { view, link }: Found, lang: LandingLanguage) {
  return countdownPage({
    lang,
    writer: { tenantName: cleanLine(view.tenantName, LONGEST), fromName: view.fromName, postalAddress: view.postalAddress },
    title: view.title === null ? null : cleanLine(view.title, LONGEST),
    questions: view.questions, minutesLeft: minutesLeft(view.endsAt, clock.now()), until: clockTime(view.endsAt, lang, view.zone), isOver: view.isOver, outcome: view.outcome,
    hasFinished: view.hasFinished, hasShield: view.hasShield, answered: view.mine.length, play: isPlayedByMember(view.loop) ? `${waitingPath(keyring, link)}/play` : null, buddies: view.friends, link: view.code === null ? null : new URL(`/i/${view.code}`, view.publicUrl).href,
  });
}

/** The time of day in a zone, as it is written in a language. */
function clockTime(at: number, lang: LandingLanguage, zone: string): string {
  return new Intl.DateTimeFormat(lang, { timeStyle: 'short', timeZone: zone }).format(at);
}

/** The member's own language, where the page is written in it. */
function languageOf(request: Request, { locale }: WaitingView): LandingLanguage {
  return (locale === null ? null : readLandingLanguage(locale)) ?? landingLanguage(request.headers['accept-language']);
}

/** Says `changed` whenever the page would show something else; what that is, the page fetches. */
async function live(services: Services, request: Request, response: Response): Promise<void> {
  contextOf(response).route = LIVE_ROUTE;
  const found = await askForPage(services, LIVE_ROUTE, () => find(services, request));
  if (found === null || found === 'unknown') {
    response.status(found === null ? 503 : 404).set('Cache-Control', 'no-store').end();
    return;
  }
  const { link: { tenantId, runId } } = found;
  await sendStream(services, {
    request, response,
    stream: {
      kind: 'stream', tenantId, topic: runTopic(runId), who: `waiting ${runId}`, endsAt: null,
      async look(after) {
        const now = await find(services, request);
        if (now === 'unknown') return { event: null, againAt: null };
        const { view } = now;
        const left = isCountdown(view.loop) && !view.isOver ? minutesLeft(view.endsAt, services.clock.now()) : null;
        const id = stateOf(view, left);
        return { event: id === after ? null : { id, event: 'changed', data: {} }, againAt: view.isOver ? null : left === null ? view.endsAt : view.endsAt - (left - 1) * MINUTE_MS };
      },
    },
    isStillAllowed: async () => true,
  });
}

function stateOf({ friends, mine, declined, isOver, outcome, hasFinished, hasShield }: WaitingView, left: number | null): string {
  return createHash('sha256').update(JSON.stringify([friends, mine.length, declined, isOver, outcome, hasFinished, hasShield, left])).digest('base64url').slice(0, 22);
}
