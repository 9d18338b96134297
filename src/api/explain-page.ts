import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import type { Tx } from '../../db/client.ts';
import { lookAtExplainLink, type StorySubject } from '../../db/read/explain-link.ts';
import { readReferralStory } from '../../db/read/referral-story.ts';
import { openExplainLink } from '../../db/write/explain-link.ts';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { tellReferral } from '../domain/explain/referral/story.ts';
import { inviteRef, isId } from '../domain/ids.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { TIMED_OUT, within } from './deadline.ts';
import { tellInvite } from './explain.ts';
import { readExplainToken } from './explain-token.ts';
import { classifyFailure } from './failure.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { askToOpenPage, EXPLAIN_LINK_NOT_FOUND, expiredLinkPage, usedLinkPage } from './pages/explain-link-pages.ts';
import { explainPage } from './pages/explain-page.ts';
import { explainReferralPage } from './pages/explain-referral-page.ts';
import { sendStoryPage } from './pages/explain-shell.ts';
import type { StoryPage } from './pages/explain-shell.ts';
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
  return link.outcome === 'ready' ? { kind: 'page', status: 200, page: askToOpenPage({ subject: link.subject, expiresAt: link.expiresAt, now }) } : closedPage(link, now);
}

type Closed = Exclude<Awaited<ReturnType<typeof lookAtExplainLink>>, { outcome: 'ready' }>;

function closedPage(link: Closed, now: number): AskOrClosed {
  switch (link.outcome) {
    case 'used': return { kind: 'page', status: 404, page: usedLinkPage({ subject: link.subject, openedAt: link.openedAt, now }) };
    case 'expired': return { kind: 'page', status: 404, page: expiredLinkPage({ subject: link.subject, expiresAt: link.expiresAt, now }) };
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
      sendStoryPage(response, opened.page);
    } else {
      sendPage(response, opened.status, opened.page);
    }
  };
}

type Opened = { kind: 'told'; page: StoryPage };

async function open({ db, clock }: Services, request: Request): Promise<AskOrClosed | Opened> {
  const token = readExplainToken(String(request.params['token']));
  if (token === null) return NOT_FOUND;
  const now = clock.now();
  return db.asTenant(token.tenantId, async (tx) => {
    const link = await openExplainLink(tx, { tenantId: token.tenantId, tokenHash: token.hash, now });
    if (link.outcome !== 'opened') return closedPage(link, now);
    const page = await pageOf(tx, link.subject, now);
    if (page === null) throw new Error('what an explain link is about is gone, and the link is not');
    return { kind: 'told', page };
  });
}

async function pageOf(tx: Tx, subject: StorySubject, now: number): Promise<StoryPage | null> {
  if (isId('ref', subject)) {
    const facts = await readReferralStory(tx, subject);
    return facts === null ? null : explainReferralPage({ facts, story: tellReferral(facts, now), now });
  }
  const ref = inviteRef(subject);
  const told = ref === null ? null : await tellInvite(tx, ref, now);
  return told === null ? null : explainPage({ ...told, now, senderWorkflowId: senderWorkflowId(told.facts.invite) });
}
