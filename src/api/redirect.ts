import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { addressOf, hostOf } from './asked-by.ts';
import type { Trust } from './asked-by.ts';
import type { Follow, Followed } from './clicks/follow.ts';
import { byAddress, sendTooMany } from './limits/limit-page.ts';
import { policyOf, showStandings } from './limits/rate-limit-headers.ts';
import type { Charged } from './limits/rate-limiter.ts';
import { observeRequest } from './observe-requests.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { sendPage } from './pages/page.ts';
import { askForPage, refuseMethod, sendUnavailable, unreadablePath } from './pages/serve-page.ts';
import { beginRequest, contextOf } from './request-context.ts';
import { SECURITY_HEADERS, setSecurityHeaders } from './security-headers.ts';
import { sentWrong } from './sent-once.ts';
import type { Services } from './services.ts';

const ROUTE = '/l/{code}';
/** A whole short link as browsers ask for it; anything else that may be one is Express's to read. */
const LINK = /^\/l\/([^/?#%]+)(?:\?([^#]*))?$/;
const ON_ITS_WAY: ReadonlyMap<string, string> = new Map([
  ...SECURITY_HEADERS, ['Cache-Control', 'no-store'], ['Referrer-Policy', 'no-referrer'], ['X-Robots-Tag', 'noindex, nofollow'], ['Content-Length', '0'],
]);
const CONSTANT_HEADERS = [...ON_ITS_WAY].flat();

export type Redirect = {
  /** Answers a click by itself, before Express; false: it is none, and nothing was done. */
  answers(request: IncomingMessage, response: ServerResponse): boolean;
  /** What else may be asked of `/l/…`. */
  readonly router: Router;
};

/**
 * `GET /l/{code}`: the touch is committed, then the visitor goes on (302), with `clickId` for the sign-up to bring
 * back. Two statements for all who click at once, no Temporal. A forged, unknown or revoked code, one of another host, and
 * one whose destination left the tenant's list are the same plain 404. The link of a run leads to its landing page, `/i/{code}`, where the touch is made.
 *
 * When the touch cannot be committed the visitor gets a 503 page with a way to try again, not the destination: the
 * destination is read from the same database, so there is hardly a case in which only the touch fails, and a
 * `clickId` that names no touch would lose whom the sign-up is owed to, silently and for good.
 */
export function openRedirect(services: Services, trusts: Trust, follow: Follow): Redirect {
  const answer = openAnswerer(services, trusts, follow);
  const router = Router();
  router.route('/l/:code')
    .get(async (request, response) => answer(request, response, String(request.params['code'])))
    .all(refuseMethod(ROUTE, 'GET, HEAD'));
  router.use(unreadablePath(ROUTE, LINK_NOT_FOUND));
  return {
    router,
    answers(request, response) {
      const { url = '', method } = request;
      if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith('/l/')) return false;
      const typed = LINK.exec(url)?.[1];
      if (typed === undefined || sentWrong(request) !== null) return false;
      beginRequest(services.log, request, response);
      if (services.watch !== undefined) observeRequest(services.watch, request, url, response);
      answer(request, response, typed).catch((error: unknown) => {
        services.log.error({ err: error, route: ROUTE }, 'a page failed');
        response.destroy();
      });
      return true;
    },
  };
}

/** Answers one click whose context has begun. */
function openAnswerer(services: Services, trusts: Trust, follow: Follow): (request: IncomingMessage, response: ServerResponse, typed: string) => Promise<void> {
  return async (request, response, typed) => {
    contextOf(response).route = ROUTE;
    const url = request.url ?? '';
    const address = addressOf(request, trusts);
    const charges = services.limiter === undefined ? [] : byAddress(PUBLIC_RULES.links, address);
    const charged = charges.length === 0 ? undefined : await services.limiter?.charge(charges);
    if (charged?.kind === 'refused') {
      beginPage(response);
      sendTooMany(response, charged, url);
      return;
    }
    const made = await askForPage(services, ROUTE, () => follow({ request, typed, query: queryOf(url), host: hostOf(request, trusts), address }, 'link'));
    if (made?.kind === 'on' || made?.kind === 'landing') {
      sendOn(response, made.kind === 'on' ? made : { location: landingPath(made.code, queryOf(url)), cookie: null }, charged);
      return;
    }
    beginPage(response);
    if (charged !== undefined) showStandings(response, charged);
    if (made === null) sendUnavailable(response, url);
    else sendPage(response, 404, LINK_NOT_FOUND);
  };
}

/** Not `response.redirect`: it would write the address into a body of its own. */
function sendOn(response: ServerResponse, { location, cookie }: Pick<Extract<Followed, { kind: 'on' }>, 'location' | 'cookie'>, charged: Charged | undefined): void {
  response.writeHead(302, [
    'X-Request-Id', contextOf(response).requestId, ...CONSTANT_HEADERS, 'Location', location,
    ...(cookie === null ? [] : ['Set-Cookie', cookie]),
    ...(charged === undefined || charged.standings.length === 0 ? [] : ['RateLimit-Policy', policyOf(charged.standings)]),
  ]);
  response.end();
}

function beginPage(response: ServerResponse): void {
  response.setHeader('X-Request-Id', contextOf(response).requestId);
  setSecurityHeaders(response);
}

/** On the same host, with the campaign fields that the short link was given. */
function landingPath(code: string, query: string): string {
  return `/i/${code}${query === '' ? '' : `?${query}`}`;
}

function queryOf(address: string): string {
  const at = address.indexOf('?');
  return at === -1 ? '' : address.slice(at + 1);
}
