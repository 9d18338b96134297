import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { landingLanguage } from '../domain/landing/landing-language.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { cleanLine } from '../domain/message/clean-text.ts';
import { longDate } from '../domain/message/long-date.ts';
import { runTopic } from '../domain/play/stream-topic.ts';
import { readBoardToken } from '../domain/rally/board-token.ts';
import type { BoardLink } from '../domain/rally/board-token.ts';
import { boardDesk } from './board-desk.ts';
import type { BoardRead } from './board-desk.ts';
import { showBoard } from './board-view.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { textOf } from './pages/html.ts';
import { boardPage, boardParts, unknownBoardPage } from './pages/rally-page.ts';
import type { BoardShown } from './pages/rally-page.ts';
import { sendBoardPage } from './pages/rally-shell.ts';
import { askForPage, refuseMethod, sendUnavailable, unreadablePath } from './pages/serve-page.ts';
import { contextOf } from './request-context.ts';
import { sendStream } from './send-stream.ts';
import type { Services } from './services.ts';

const ROUTE = '/b/{token}';
const LIVE_ROUTE = '/b/{token}/live';
const LONGEST = 300;

/**
 * `/b/{token}`: a cohort's board, with the own rank marked where the token says whose it is, live (`/live`, server-sent events) and without a
 * script alike. Nobody is named on it, and nothing can be sent to it: scores are facts.
 */
export function rallyPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request));
  router.route('/b/:token').get(limited, async (request, response) => { await show(services, request, response); }).all(refuseMethod(ROUTE, 'GET, HEAD'));
  router.route('/b/:token/live').get(limited, async (request, response) => { await live(services, request, response); }).all(refuseMethod(LIVE_ROUTE, 'GET'));
  router.use(unreadablePath(ROUTE, LINK_NOT_FOUND));
  return router;
}

type Found = BoardRead & { readonly link: BoardLink };

/** Reads the board at its desk: whoever asks while it is being read shares a reading, so that many who look cost little more than one. */
async function find(services: Services, request: Request): Promise<Found | 'unknown'> {
  const link = readBoardToken(services.keyring, String(request.params['token']));
  if (link === null) return 'unknown';
  const desk = boardDesk(services, link);
  try {
    const read = await desk.read();
    return read === null ? 'unknown' : { link, ...read };
  } finally {
    desk.leave();
  }
}

async function show(services: Services, request: Request, response: Response): Promise<void> {
  contextOf(response).route = ROUTE;
  const lang = landingLanguage(request.headers['accept-language']);
  const found = await askForPage(services, ROUTE, () => find(services, request));
  if (found === null) sendUnavailable(response, request.originalUrl);
  else if (found === 'unknown') sendBoardPage(response, unknownBoardPage(lang), { status: 404, isLive: false });
  else sendBoardPage(response, boardPage(shownTo(lang, found)), { status: 200, isLive: !found.view.isOver });
}

function shownTo(lang: LandingLanguage, { view, own }: BoardRead): BoardShown {
  return {
    lang,
    writer: { tenantName: cleanLine(view.tenantName, LONGEST), fromName: view.fromName, postalAddress: view.postalAddress },
    title: cleanLine(view.title, LONGEST),
    until: longDate(view.endsAt, lang, view.zone),
    isOver: view.isOver,
    board: showBoard(view, own),
  };
}

/** Says the board whenever it would show something else: what the page puts in, written here and escaped. */
async function live(services: Services, request: Request, response: Response): Promise<void> {
  contextOf(response).route = LIVE_ROUTE;
  const lang = landingLanguage(request.headers['accept-language']);
  const found = await askForPage(services, LIVE_ROUTE, () => find(services, request));
  if (found === null || found === 'unknown') {
    response.status(found === null ? 503 : 404).set('Cache-Control', 'no-store').end();
    return;
  }
  const { link: { tenantId, runId, personId } } = found;
  const desk = boardDesk(services, found.link);
  try {
    await sendStream(services, {
      request, response,
      stream: {
        kind: 'stream', tenantId, topic: runTopic(runId), who: personId === null ? `board visitor ${request.ip ?? ''}` : `board ${personId}`, endsAt: null,
        async look(after) {
          const read = await desk.read();
          if (read === null) return { event: null, againAt: null };
          const parts = boardParts(shownTo(lang, read));
          const data = { own: textOf(parts.own), board: textOf(parts.board) };
          const id = createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 22);
          return { event: id === after ? null : { id, event: 'board', data }, againAt: read.view.isOver ? null : read.view.endsAt };
        },
      },
      isStillAllowed: async () => true,
    });
  } finally {
    desk.leave();
  }
}
