import { Router } from 'express';
import type { Request } from 'express';
import { optOutView } from '../../db/read/opt-out.ts';
import { unsubscribe } from '../../db/write/unsubscribe.ts';
import { inviteId } from '../domain/ids.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { readUnsubscribeToken } from '../domain/link/unsubscribe-token.ts';
import { pageLanguage } from '../domain/preference/page-language.ts';
import type { PageLanguage } from '../domain/preference/page-language.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import type { Charge } from './limits/rate-limiter.ts';
import { askPage, stoppedPage, unknownOptOutPage } from './pages/opt-out-pages.ts';
import { OPT_OUT_WORDING } from './pages/opt-out-words.ts';
import { refuseMethod, servePage, unreadablePath } from './pages/serve-page.ts';
import type { PageAnswer } from './pages/serve-page.ts';
import type { Services } from './services.ts';

const ROUTE = '/u/{token}';

/**
 * `/u/{token}`, what `List-Unsubscribe` and the foot of every mail lead to. GET asks and changes nothing, for scanners
 * open links. POST opts out at once: the page's button and a mail program's one click (RFC 8058: a form body
 * `List-Unsubscribe=One-Click`, no cookie, no origin of ours, no redirect as an answer) are the same to us, so the
 * body is not read. The token is all it takes, on any host of ours.
 */
export function unsubscribeRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => chargesOf(services, request));
  router.route('/u/:token')
    .get(limited, servePage(services, ROUTE, (request) => ask(services, request)))
    .post(limited, servePage(services, ROUTE, (request) => optOut(services, request)))
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.use(unreadablePath(ROUTE, unknownOptOutPage('en')));
  return router;
}

/**
 * Whoever it is about is counted, from wherever it is opened. The network is counted too, but not for an opt-out with a good
 * token: mail programs send those of all their users from a few addresses, and none of them may be lost.
 */
function chargesOf({ keyring }: Services, request: Request): Charge[] {
  const invite = readUnsubscribeToken(keyring, String(request.params['token']));
  if (invite === null) return byNetwork(PUBLIC_RULES.pages, request);
  const recipient: Charge = { rule: PUBLIC_RULES.recipient, who: `recipient ${invite.tenantId} ${inviteId(invite)}`, cost: 1 };
  return request.method === 'POST' ? [recipient] : [...byNetwork(PUBLIC_RULES.pages, request), recipient];
}

async function ask({ keyring, db }: Services, request: Request): Promise<PageAnswer> {
  const invite = readUnsubscribeToken(keyring, String(request.params['token']));
  if (invite === null) return notFound(request);
  const view = await db.asTenant(invite.tenantId, (tx) => optOutView(tx, invite));
  if (view === null) return notFound(request);
  return { kind: 'page', status: 200, page: (view.stopped ? stoppedPage : askPage)(view, languageFor(request, view)) };
}

async function optOut({ keyring, db, clock, afterCommit, watch }: Services, request: Request): Promise<PageAnswer> {
  const invite = readUnsubscribeToken(keyring, String(request.params['token']));
  if (invite === null) return notFound(request);
  const { tenantId } = invite;
  const { view, outcome } = await db.asTenant(tenantId, async (tx) => {
    const before = await optOutView(tx, invite);
    if (before === null) return { view: null, outcome: 'unknown' as const };
    const done = await unsubscribe(tx, { ...invite, wordingVersion: OPT_OUT_WORDING, locale: languageFor(request, before), now: clock.now() });
    return { view: before, outcome: done.outcome };
  });
  afterCommit?.(tenantId);
  if (outcome === 'unsubscribed') watch?.growth.optedOut('link');
  return view === null ? notFound(request) : { kind: 'page', status: 200, page: stoppedPage(view, languageFor(request, view)) };
}

/** The language of who was written to; of a mail program's one click, that of the mail. */
function languageFor(request: Request, { locale }: { locale: string | null }): PageLanguage {
  return pageLanguage(locale, request.headers['accept-language']);
}

function notFound(request: Request): PageAnswer {
  return { kind: 'page', status: 404, page: unknownOptOutPage(languageFor(request, { locale: null })) };
}
