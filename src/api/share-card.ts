import { Router } from 'express';
import type { Request, Response } from 'express';
import { findLinks } from '../../db/read/link-target.ts';
import type { TenantId } from '../domain/ids.ts';
import { landingLanguage, readLandingLanguage } from '../domain/landing/landing-language.ts';
import type { LandingLanguage } from '../domain/landing/page-words.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { isAuthentic, readCode } from '../domain/link/code.ts';
import type { Card } from '../providers/card/card.ts';
import { satoriPainter } from '../providers/card/satori-painter.ts';
import { readTarget } from './clicks/link-target.ts';
import { landingAddress } from './landing-link.ts';
import { loadLanding } from './landing-view.ts';
import type { Landing } from './landing-view.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { LANDING_WORDS } from './pages/landing-words.ts';
import { askForPage, refuseMethod } from './pages/serve-page.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';
import { cardDigest, openCardDesk } from './share-card-desk.ts';
import type { CardDesk } from './share-card-desk.ts';

const ROUTE = '/i/{code}/card.png';
/** The address of a picture names what is on it, so that a new figure is a new address; without that it may be kept for an hour. */
const KEPT_SECONDS = 3_600;
const RETRY_AFTER_SECONDS = 5;

/** The card of a landing page: the tenant, the loop's heading, the run's figures; nobody's name. Null: the loop has no page. */
function cardOf({ said, figures, view, frame }: Landing): Card | null {
  return said === null ? null : { tenantName: view.tenantName, heading: said.card.heading, figures: figures.map(({ kind, value }) => ({ label: LANDING_WORDS[frame.lang].figures[kind], value })) };
}

/** Where the card of a page is, in the page's language. */
export function cardAddress(publicUrl: string, code: string, landing: Landing): string {
  const card = cardOf(landing);
  return `${landingAddress(publicUrl, code)}/card.png?lang=${landing.frame.lang}${card === null ? '' : `&v=${cardDigest(card).slice(0, 8)}`}`;
}

/**
 * `/i/{code}/card.png`, what a shared link is shown with. It is fetched by programs, so it is no visit. Painted once and kept by what is on
 * it; `ETag` and `Cache-Control` let others keep it, too. No card: a code of no run, one that was revoked, or of another host.
 */
export function shareCardRouter(services: Services, desk: CardDesk = openCardDesk(satoriPainter())): Router {
  const router = Router();
  router.route('/i/:code/card.png')
    .get(limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.pages, request)), async (request, response) => {
      contextOf(response).route = ROUTE;
      const found = await askForPage(services, ROUTE, () => findCard(services, request));
      if (found === null) sendBusy(response);
      else await sendCard(services, desk, request, response, found.card);
    })
    .all(refuseMethod(ROUTE, 'GET, HEAD'));
  return router;
}

async function findCard(services: Services, request: Request): Promise<{ card: Card | null }> {
  const code = readCode(String(request.params['code']));
  if (code === null || !isAuthentic(services.keyring, code)) return { card: null };
  const link = (await findLinks((services.clicks ?? services.db).sql, [code])).get(code);
  const target = link === undefined ? null : readTarget(link.target);
  if (target === null || target.runId === null || target.isRevoked || !target.isServedOn(request.hostname)) return { card: null };
  return { card: await cardOfLink(services, target.tenantId, code, languageOf(request)) };
}

async function cardOfLink({ db, keyring }: Services, tenantId: TenantId, code: string, lang: LandingLanguage): Promise<Card | null> {
  const landing = await db.asTenant(tenantId, (tx) => loadLanding(tx, keyring, { tenantId, code, touchId: null, guestHash: null }, { lang, ownMark: null }));
  return landing === null ? null : cardOf(landing);
}

async function sendCard({ log }: Services, desk: CardDesk, request: Request, response: Response, card: Card | null): Promise<void> {
  if (card === null) {
    response.status(404).set({ 'Cache-Control': 'no-store', 'Content-Length': '0' }).end();
    return;
  }
  const etag = `"${cardDigest(card)}"`;
  response.set({ ETag: etag, 'Cache-Control': `public, max-age=${String(KEPT_SECONDS)}`, Vary: 'Accept-Language', 'X-Robots-Tag': 'noindex', 'Cross-Origin-Resource-Policy': 'cross-origin' });
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.status(304).end();
    return;
  }
  try {
    const picture = await desk.pictureOf(card);
    if (picture === null) {
      sendBusy(response);
      return;
    }
    response.status(200).set({ 'Content-Type': 'image/png', 'Content-Length': String(picture.length) });
    response.end(request.method === 'HEAD' ? undefined : picture);
  } catch (error) {
    log.error({ err: error, route: ROUTE }, 'a card could not be painted');
    sendBusy(response);
  }
}

/** Does the asker hold this very picture? (RFC 9110, 13.1.2; compared weakly.) */
function isKnown(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.slice(0, 1_000).split(',').some((given) => given.trim() === '*' || given.trim().replace(/^W\//, '') === etag);
}

function sendBusy(response: Response): void {
  response.removeHeader('ETag');
  response.status(503).set({ 'Cache-Control': 'no-store', 'Retry-After': String(RETRY_AFTER_SECONDS), 'Content-Length': '0' }).end();
}

function languageOf(request: Request): LandingLanguage {
  const asked = request.query['lang'];
  return (typeof asked === 'string' ? readLandingLanguage(asked) : null) ?? landingLanguage(request.headers['accept-language']);
}
