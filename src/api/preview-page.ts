import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { readPreviewLink } from '../../db/read/preview-link.ts';
import { PUBLIC_RULES } from '../domain/limits/tiers.ts';
import { TIMED_OUT, within } from './deadline.ts';
import { classifyFailure } from './failure.ts';
import { byNetwork, limitPage } from './limits/limit-page.ts';
import { unavailablePage } from './pages/common-pages.ts';
import { sendPage } from './pages/page.ts';
import type { Page } from './pages/page.ts';
import { previewGonePage, PREVIEW_LINK_NOT_FOUND } from './pages/preview-link-pages.ts';
import { previewPage } from './pages/preview-page.ts';
import { sendPreviewPage } from './pages/preview-shell.ts';
import type { PreviewPage } from './pages/preview-shell.ts';
import { refuseMethod, unreadablePath } from './pages/serve-page.ts';
import { previewMessage } from './preview-message.ts';
import { readPreviewToken } from './preview-token.ts';
import { previewIn } from './program-preview-body.ts';
import { contextOf } from './request-context.ts';
import type { Services } from './services.ts';

const ROUTE = '/preview/{token}';
const OPEN_TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * `/preview/{token}`, what `POST /v1/programs/{id}/preview-links` gives out: one hour, as often as one likes, for a look
 * at it changes nothing. What is shown is made afresh each time.
 */
export function previewPageRouter(services: Services): Router {
  const router = Router();
  router.route('/preview/:token')
    .get(limitPage(services, ROUTE, (request) => byNetwork(PUBLIC_RULES.pages, request)), showPreview(services))
    .all(refuseMethod(ROUTE, 'GET, HEAD'));
  router.use(unreadablePath(ROUTE, PREVIEW_LINK_NOT_FOUND));
  return router;
}

type Shown = { kind: 'preview'; page: PreviewPage } | { kind: 'none'; page: Page };

/** Like `servePage`, but for a page with a look and a policy of its own. */
function showPreview(services: Services): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = ROUTE;
    const shown = await within(OPEN_TIMEOUT_MS, show(services, request).catch((error: unknown) => {
      if (classifyFailure(error) === 'ours') services.log.error({ err: error, route: ROUTE }, 'a page failed');
      else services.log.warn({ err: error, route: ROUTE }, 'the database is not available');
      return null;
    }));
    if (shown === TIMED_OUT || shown === null) {
      response.set('Retry-After', String(RETRY_AFTER_SECONDS));
      sendPage(response, 503, unavailablePage(request.originalUrl));
    } else if (shown.kind === 'preview') {
      sendPreviewPage(response, shown.page);
    } else {
      sendPage(response, 404, shown.page);
    }
  };
}

async function show(services: Services, request: Request): Promise<Shown> {
  const { db, clock, keyring } = services;
  const token = readPreviewToken(String(request.params['token']));
  if (token === null) return { kind: 'none', page: PREVIEW_LINK_NOT_FOUND };
  const { tenantId } = token;
  const now = clock.now();
  return db.asTenant(tenantId, async (tx): Promise<Shown> => {
    const link = await readPreviewLink(tx, token.hash, now);
    if (link === null) return { kind: 'none', page: PREVIEW_LINK_NOT_FOUND };
    const asked = previewIn.parse(JSON.parse(keyring.open(tenantId, link.requestSealed)));
    const preview = await previewMessage({ tx, tenantId, now, services }, link.programId, asked);
    if ('kind' in preview) return { kind: 'none', page: previewGonePage(preview) };
    return { kind: 'preview', page: previewPage({ preview, now, expiresAt: link.expiresAt }) };
  });
}
