import { Router } from 'express';
import type { Request } from 'express';
import { linkTarget } from '../../db/read/link-target.ts';
import { recordTouch } from '../../db/write/record-touch.ts';
import { newId } from '../config/new-id.ts';
import { checkDestination } from '../domain/link/check-destination.ts';
import { classifyVisit } from '../domain/link/classify-visit.ts';
import { isAuthentic, readCode } from '../domain/link/code.ts';
import { isServedOn } from '../domain/link/hosts.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { landingUrl } from '../domain/link/landing-url.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { LINK_NOT_FOUND } from './pages/common-pages.ts';
import { refuseMethod, servePage, unreadablePath } from './pages/serve-page.ts';
import type { PageAnswer } from './pages/serve-page.ts';
import type { Services } from './services.ts';
import { networkHashOf, visitorCookie, visitorOf } from './visitor.ts';

const ROUTE = '/l/{code}';
const NOT_FOUND: PageAnswer = { kind: 'page', status: 404, page: LINK_NOT_FOUND };
const LONGEST_AGENT = 1_000;

/**
 * `GET /l/{code}`: the touch is committed, then the visitor goes on (302), with `clickId` for the sign-up to bring
 * back. Two statements, no Temporal. A forged, unknown or revoked code, one of another host, and one whose
 * destination left the tenant's list are the same plain 404.
 *
 * When the touch cannot be committed the visitor gets a 503 page with a way to try again, not the destination: the
 * destination is read from the same database, so there is hardly a case in which only the touch fails, and a
 * `clickId` that names no touch would lose whom the sign-up is owed to, silently and for good.
 */
export function redirectRouter(services: Services): Router {
  const router = Router();
  router.route('/l/:code')
    .get(limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.links, request)), servePage(services, ROUTE, (request) => follow(services, request)))
    .all(refuseMethod(ROUTE, 'GET, HEAD'));
  router.use(unreadablePath(ROUTE, LINK_NOT_FOUND));
  return router;
}

async function follow(services: Services, request: Request): Promise<PageAnswer> {
  const { keyring, db, clock, log } = services;
  const code = readCode(String(request.params['code']));
  if (code === null || !isAuthentic(keyring, code)) return NOT_FOUND;
  const target = await linkTarget(db.sql, code);
  if (target === null || target.revokedAt !== null || !isServedOn(request.hostname, target)) return NOT_FOUND;
  const { tenantId } = target;
  const checked = checkDestination(target.destination, target);
  if (checked.outcome === 'refused') {
    log.warn({ tenantId }, 'a link leads to a destination that the tenant no longer allows');
    return NOT_FOUND;
  }
  const now = clock.now();
  const visit = classifyVisit({ method: request.method, userAgent: (request.get('User-Agent') ?? '').slice(0, LONGEST_AGENT), purposes: purposesOf(request) });
  const visitor = visitorOf(request, keyring);
  const id = newId('tch', now);
  const ipHash = networkHashOf(request, keyring, tenantId);
  const touch = await recordTouch(db.sql, tenantId, { id, code, ...visit, visitor, ipHash, now });
  services.watch?.growth.touched('click', touch.whyNot);
  return {
    kind: 'redirect',
    location: landingUrl(checked.href, { id, utm: target.utm, asked: queryOf(request.originalUrl) }),
    cookie: touch.whyNot === null ? visitorCookie(visitor.id, target.publicUrl.startsWith('https:')) : null,
  };
}

function purposesOf(request: Request): string[] {
  return ['Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz'].flatMap((name) => request.get(name) ?? []);
}

function queryOf(address: string): URLSearchParams {
  const at = address.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : address.slice(at + 1));
}
