import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { readEmbedSession } from '../../db/read/embed-session.ts';
import { referralPageOwner } from '../../db/read/referral-page.ts';
import { readTenant } from '../../db/read/tenant.ts';
import { openEmbedToken } from '../../db/write/embed-token.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { classifyVisit } from '../domain/link/classify-visit.ts';
import { pageLanguage } from '../domain/preference/page-language.ts';
import type { PageLanguage } from '../domain/preference/page-language.ts';
import { EMBED_SESSION_LIVES_MS, embedSecret, readEmbedSecret, sessionCookie, sessionIn } from './embed-tokens-secret.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { sendPage } from './pages/page.ts';
import type { Page } from './pages/page.ts';
import { closedReferralPage, openReferralPage, referralPage } from './pages/referral-page.ts';
import { sendReferralPage } from './pages/referral-shell.ts';
import { askForPage, refuseMethod, sendUnavailable, unreadablePath } from './pages/serve-page.ts';
import { loadReferralView } from './referral-page-view.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';

const TOKEN_ROUTE = '/r/{token}';
const OWN_PATH = '/r/me';

type Shown =
  | { kind: 'mine'; page: Omit<Page, 'style'> }
  | { kind: 'swapped'; cookie: string | null }
  | { kind: 'page'; status: 200 | 404; page: Page };

/**
 * `/r/{token}`, what `POST /v1/members/{id}/embed-tokens` gives out, is swapped for a cookie at the first opening and leads on to `/r/me`, where
 * the page is: so an address that was copied, logged or kept in a history opens nothing. Programs that look at links ahead of people do not use it up.
 */
export function referralPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, TOKEN_ROUTE, (request) => byNetwork(PUBLIC_RULES.pages, request));
  router.route(OWN_PATH).get(limited, serve(services, OWN_PATH, showMine)).all(refuseMethod(OWN_PATH, 'GET, HEAD'));
  router.route('/r/:token').get(limited, serve(services, TOKEN_ROUTE, openToken)).all(refuseMethod(TOKEN_ROUTE, 'GET, HEAD'));
  router.use(unreadablePath(TOKEN_ROUTE, closedReferralPage('en', 'over')));
  return router;
}

function serve(services: Services, route: string, show: (services: Services, request: Request) => Promise<Shown>): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = route;
    const shown = await askForPage(services, route, () => show(services, request));
    if (shown === null) sendUnavailable(response, request.originalUrl);
    else send(response, shown);
  };
}

function send(response: Response, shown: Shown): void {
  switch (shown.kind) {
    case 'mine':
      sendReferralPage(response, shown.page);
      return;
    case 'page':
      sendPage(response, shown.status, shown.page);
      return;
    case 'swapped':
      if (shown.cookie !== null) response.setHeader('Set-Cookie', shown.cookie);
      response.status(303).set({ Location: OWN_PATH, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow' }).end();
  }
}

async function openToken({ db, clock }: Services, request: Request): Promise<Shown> {
  const token = readEmbedSecret(String(request.params['token']));
  if (token === null) return closed(request, 'over');
  if (!isPerson(request)) return { kind: 'page', status: 200, page: openReferralPage(languageOf(request, null), request.originalUrl) };
  const { tenantId } = token;
  return db.asTenant(tenantId, async (tx): Promise<Shown> => {
    const now = clock.now();
    const session = embedSecret(tenantId, randomBytes(24));
    const brought = sessionIn(request.headers.cookie);
    const opened = await openEmbedToken(tx, {
      tenantId, tokenHash: token.hash, sessionHash: session.hash, sessionExpiresAt: now + EMBED_SESSION_LIVES_MS,
      broughtHash: brought?.tenantId === tenantId ? brought.hash : null, now,
    });
    switch (opened.outcome) {
      case 'opened': return { kind: 'swapped', cookie: sessionCookie(session.text, (await readTenant(tx, tenantId)).publicUrl.startsWith('https:')) };
      case 'own': return { kind: 'swapped', cookie: null };
      case 'used': return closed(request, 'used');
      case 'expired':
      case 'unknown': return closed(request, 'over');
    }
  });
}

async function showMine({ db, clock }: Services, request: Request): Promise<Shown> {
  const session = sessionIn(request.headers.cookie);
  if (session === null) return closed(request, 'over');
  const { tenantId } = session;
  return db.asTenant(tenantId, async (tx): Promise<Shown> => {
    const now = clock.now();
    const memberId = await readEmbedSession(tx, tenantId, session.hash, now);
    const owner = memberId === null ? null : await referralPageOwner(tx, tenantId, { memberId });
    if (owner === null) return closed(request, 'over');
    const lang = languageOf(request, owner.locale);
    return { kind: 'mine', page: referralPage({ owner, lang, view: await loadReferralView(tx, { tenantId, owner, lang, now }) }) };
  });
}

/** Whoever looks at a link before a person does leaves it as it is. */
function isPerson({ method, headers }: Request): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].flatMap((name) => headers[name] ?? []);
  return classifyVisit({ method, userAgent: headers['user-agent'] ?? '', purposes }).notAPerson === null;
}

function closed(request: Request, why: 'used' | 'over'): Shown {
  return { kind: 'page', status: 404, page: closedReferralPage(languageOf(request, null), why) };
}

function languageOf(request: Request, locale: string | null): PageLanguage {
  return pageLanguage(locale, request.headers['accept-language']);
}
