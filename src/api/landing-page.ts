import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { stopReminders } from '../../db/write/stop-reminders.ts';
import { hashSecret } from '../config/keyring.ts';
import type { TenantId } from '../domain/ids.ts';
import { landingLanguage } from '../domain/landing/landing-language.ts';
import { LANDING_STATUS } from '../domain/landing/landing-state.ts';
import { readLandingToken, writeLandingToken } from '../domain/landing/page-token.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { isAuthentic, readCode } from '../domain/link/code.ts';
import { readGuestToken } from '../domain/play/guest-token.ts';
import { hostOf } from './asked-by.ts';
import type { Trust } from './asked-by.ts';
import type { Follow } from './clicks/follow.ts';
import { acceptLanding, closed, declineLanding, nowhere, reportLanding, stopLanding } from './landing-answer.ts';
import type { Answering, LandingAnswered } from './landing-answer.ts';
import { readLandingForm } from './landing-form.ts';
import type { LandingForm } from './landing-form.ts';
import { landingAddress, landingPath, leadsTo, shareKitOf } from './landing-link.ts';
import { loadLanding } from './landing-view.ts';
import type { LandingReader } from './landing-view.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { nowhereLanding, openLanding, ownLanding, staleLanding } from './pages/landing-pages.ts';
import { sendLanding } from './pages/landing-shell.ts';
import { LANDING_WORDS } from './pages/landing-words.ts';
import { askForPage, refuseMethod, sendUnavailable } from './pages/serve-page.ts';
import { guestTokenIn, ownMarkIn } from './play-cookie.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';
import { cardAddress } from './share-card.ts';

const ROUTE = '/i/{code}';

/**
 * `/i/{code}`, where the link of a run leads: who invites, to what, what is asked. Without a script and a cookie of its own. GET commits the
 * touch, as a short link does, and changes nothing else; every answer is a POST with the page's token, and posted again it changes nothing.
 * A link that cannot be accepted has a page that says so; a code that is none of ours, or of another host, is the plain 404 of short links.
 */
export function landingPageRouter(services: Services, trusts: Trust, follow: Follow): Router {
  const router = Router();
  router.route('/i/:code')
    .get(limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request)), serve(services, (request) => show(services, trusts, follow, request)))
    .post(limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.pages, request)), (request, response, next) => {
      void readLandingForm(request, response).then((form) => serve(services, () => answer(services, request, form))(request, response, next), next);
    })
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.use(unreadable);
  return router;
}

function serve(services: Services, work: (request: Request) => Promise<LandingAnswered>): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = ROUTE;
    const made = await askForPage(services, ROUTE, () => work(request));
    if (made === null) sendUnavailable(response, request.originalUrl);
    else send(request, response, made);
  };
}

function send({ method }: Request, response: Response, made: LandingAnswered): void {
  if (made.kind === 'page') {
    sendLanding(response, made.status, made.page, made.destination);
    return;
  }
  for (const cookie of made.cookies) response.append('Set-Cookie', cookie);
  response.status(method === 'POST' ? 303 : 302)
    .set({ Location: made.location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow', 'Content-Length': '0' }).end();
}

/** A path Express cannot decode (`%E0%A4`) names nothing; anything else is the application's business. */
function unreadable(error: unknown, request: Request, response: Response, next: (error: unknown) => void): void {
  if (!(error instanceof URIError)) {
    next(error);
    return;
  }
  contextOf(response).route = ROUTE;
  sendLanding(response, 404, nowhereLanding(landingLanguage(request.headers['accept-language'])));
}

async function show(services: Services, trusts: Trust, follow: Follow, request: Request): Promise<LandingAnswered> {
  const reader = readerOf(request);
  const query = queryOf(request.originalUrl);
  const made = await follow({ request, typed: String(request.params['code']), query, host: hostOf(request, trusts), address: request.ip ?? '' }, 'page');
  if (made.kind !== 'visit' && made.kind !== 'closed') return nowhere(reader);
  const { tenantId, code } = made;
  const asked = { tenantId, code, touchId: made.kind === 'visit' ? made.touchId : null, guestHash: guestHashOf(request, tenantId) };
  const landing = await services.db.asTenant(tenantId, (tx) => loadLanding(tx, services.keyring, asked, reader));
  if (landing === null) return nowhere(reader);
  if (asked.touchId === null) return closed(landing, asked, query, 'revoked');
  const { state, view, said, frame } = landing;
  if (state !== 'open' && state !== 'own') return closed(landing, asked, query);
  if (said === null) return onwards(leadsTo(view, asked.touchId, query), reader);
  const url = landingAddress(view.publicUrl, code);
  if (state === 'own') {
    const kit = shareKitOf({ url, text: said.share.line, subject: said.share.subject }, LANDING_WORDS[frame.lang].share.qr);
    return { kind: 'page', status: LANDING_STATUS.own, page: ownLanding(frame, url, kit) };
  }
  const shared = { url, title: said.card.heading, description: said.ask, alt: said.card.alt, siteName: view.tenantName, image: cardAddress(view.publicUrl, code, landing) };
  const token = writeLandingToken(services.keyring, { tenantId, code, touchId: asked.touchId }, services.clock.now());
  return { kind: 'page', status: 200, page: openLanding(frame, { said, figures: landing.figures, token, shared }), ...destinationOf(leadsTo(view, asked.touchId, '')) };
}

async function answer(services: Services, request: Request, { token: given, answer: what, reason }: LandingForm): Promise<LandingAnswered> {
  const reader = readerOf(request);
  const code = readCode(String(request.params['code']));
  if (code === null || !isAuthentic(services.keyring, code)) return nowhere(reader);
  const now = services.clock.now();
  const token = readLandingToken(services.keyring, code, given, now);
  if (token.kind !== 'good' || what === null) return { kind: 'page', status: 403, page: staleLanding(reader.lang, landingPath(code)) };
  const { tenantId, touchId } = token;
  const answering: Answering = { services, reader, query: queryOf(request.originalUrl), now, asked: { tenantId, code, touchId, guestHash: guestHashOf(request, tenantId) } };
  const made = await services.db.asTenant(tenantId, async (tx) => {
    if (what === 'decline' || what === 'report') await stopReminders(tx, { tenantId, code, answer: what, now });
    switch (what) {
      case 'accept': return acceptLanding(tx, answering);
      case 'decline': return declineLanding(tx, answering);
      case 'stop': return stopLanding(tx, answering);
      case 'report': return reportLanding(tx, answering, reason);
    }
  });
  services.afterCommit?.(tenantId);
  return made;
}

/** For a loop without words for a page. */
function onwards(location: string | null, reader: LandingReader): LandingAnswered {
  return location === null ? nowhere(reader) : { kind: 'on', location, cookies: [] };
}

function destinationOf(location: string | null): { destination?: string } {
  return location === null ? {} : { destination: new URL(location).origin };
}

function readerOf({ headers }: Request): LandingReader {
  return { lang: landingLanguage(headers['accept-language']), ownMark: ownMarkIn(headers.cookie) };
}

/** Of the token that the browser brings, if it is one of this tenant's. */
function guestHashOf({ headers }: Request, tenantId: TenantId): Uint8Array | null {
  const brought = guestTokenIn(headers.cookie);
  const token = brought === null ? null : readGuestToken(brought);
  return token?.tenantId === tenantId ? hashSecret(token.secret) : null;
}

function queryOf(address: string): string {
  const at = address.indexOf('?');
  return at === -1 ? '' : address.slice(at + 1);
}
