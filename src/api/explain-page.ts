import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { lookAtExplainLink } from '../../db/read/explain-link.ts';
import { openExplainLink } from '../../db/write/explain-link.ts';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { inviteId } from '../domain/ids.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { TIMED_OUT, within } from './deadline.ts';
import { tellInvite } from './explain.ts';
import type { ToldStory } from './explain.ts';
import { readExplainToken } from './explain-token.ts';
import { classifyFailure } from './failure.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { askToOpenPage, EXPLAIN_LINK_NOT_FOUND, expiredLinkPage, usedLinkPage } from './pages/explain-link-pages.ts';
import { explainPage } from './pages/explain-page.ts';
import { sendStoryPage } from './pages/explain-shell.ts';
import { unavailablePage } from './pages/common-pages.ts';
import { sendPage } from './pages/page.ts';
import { refuseMethod, servePage, unreadablePath } from './pages/serve-page.ts';
import type { PageAnswer } from './pages/serve-page.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';

type AskOrClosed = Extract<PageAnswer, { kind: 'page' }>;

const ROUTE = '/explain/{token}';
const NOT_FOUND: AskOrClosed = { kind: 'page', status: 404, page: EXPLAIN_LINK_NOT_FOUND };

/**
 * `/explain/{token}`, what `POST /v1/explain-links` gives out. GET and HEAD ask and change nothing, for previews and
 * scanners look at every link; POST, the page's button, uses the link up and shows the story. Link and story are one
 * transaction: where the story cannot be read, the link is still good.
 */
export function explainPageRouter(services: Services): Router {
  const router = Router();
  const limited = limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.pages, request));
  router.route('/explain/:token')
    .get(limited, servePage(services, ROUTE, (request) => ask(services, request)))
    .post(limited, openOnce(services))
    .all(refuseMethod(ROUTE, 'GET, HEAD, POST'));
  router.use(unreadablePath(ROUTE, EXPLAIN_LINK_NOT_FOUND));
  return router;
}

async function ask({ db, clock }: Services, request: Request): Promise<AskOrClosed> {
  const token = readExplainToken(String(request.params['token']));
  if (token === null) return NOT_FOUND;
  const now = clock.now();
  const link = await db.asTenant(token.tenantId, (tx) => lookAtExplainLink(tx, token.hash, now));
  return link.outcome === 'ready' ? { kind: 'page', status: 200, page: askToOpenPage({ expiresAt: link.expiresAt, now }) } : closedPage(link, now);
}

type Closed = Exclude<Awaited<ReturnType<typeof lookAtExplainLink>>, { outcome: 'ready' }>;

function closedPage(link: Closed, now: number): AskOrClosed {
  switch (link.outcome) {
    case 'used': return { kind: 'page', status: 404, page: usedLinkPage({ inviteId: inviteId(link.invite), openedAt: link.openedAt, now }) };
    case 'expired': return { kind: 'page', status: 404, page: expiredLinkPage({ inviteId: inviteId(link.invite), expiresAt: link.expiresAt, now }) };
    case 'unknown': return NOT_FOUND;
  }
}

const OPEN_TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** Like `servePage`, but for a page with a look of its own. */
function openOnce(services: Services): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = ROUTE;
    const opened = await within(OPEN_TIMEOUT_MS, open(services, request).catch((error: unknown) => {
      if (classifyFailure(error) === 'ours') services.log.error({ err: error, route: ROUTE }, 'a page failed');
      else services.log.warn({ err: error, route: ROUTE }, 'the database is not available');
      return null;
    }));
    if (opened === TIMED_OUT || opened === null) {
      response.set('Retry-After', String(RETRY_AFTER_SECONDS));
      sendPage(response, 503, unavailablePage(request.originalUrl));
    } else if (opened.kind === 'told') {
      const { facts, story, now } = opened;
      sendStoryPage(response, explainPage({ facts, story, now, senderWorkflowId: senderWorkflowId(facts.invite) }));
    } else {
      sendPage(response, opened.status, opened.page);
    }
  };
}

type Opened = { kind: 'told'; now: number } & ToldStory;

async function open({ db, clock }: Services, request: Request): Promise<AskOrClosed | Opened> {
  const token = readExplainToken(String(request.params['token']));
  if (token === null) return NOT_FOUND;
  const now = clock.now();
  return db.asTenant(token.tenantId, async (tx) => {
    const link = await openExplainLink(tx, { tenantId: token.tenantId, tokenHash: token.hash, now });
    if (link.outcome !== 'opened') return closedPage(link, now);
    const told = await tellInvite(tx, link.invite, now);
    if (told === null) throw new Error('an invite is gone and its explain link is not');
    return { kind: 'told', now, ...told };
  });
}
