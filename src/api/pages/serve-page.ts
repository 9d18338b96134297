import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { askDatabase } from '../ask-database.ts';
import { TooLate } from '../deadline.ts';
import { classifyFailure } from '../failure.ts';
import { hideStandings } from '../limits/rate-limit-headers.ts';
import { contextOf } from '../request-context.ts';
import type { Services } from '../services.ts';
import { METHOD_NOT_ALLOWED, unavailablePage } from './common-pages.ts';
import { sendPage } from './page.ts';
import type { Page } from './page.ts';

/** What a person gets: a page, or the way on. `cookie` is a whole Set-Cookie value. */
export type PageAnswer =
  | { kind: 'page'; status: 200 | 404 | 422; page: Page }
  | { kind: 'redirect'; location: string; cookie: string | null };

const PAGE_TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Serves one page; `route` is its pattern, for the log. Nobody waits for a database that does not answer: after five
 * seconds, at once where many wait already, or on a failure, comes a page that says so, 503 with Retry-After, which mail programs and browsers heed.
 */
export function servePage(services: Services, route: string, answer: (request: Request) => Promise<PageAnswer>): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = route;
    const made = await askDatabase(services, PAGE_TIMEOUT_MS, () => answer(request)).catch((error: unknown) => {
      logFailure(services, route, error);
      return null;
    });
    if (made === null) {
      response.set('Retry-After', String(RETRY_AFTER_SECONDS));
      sendPage(response, 503, unavailablePage(request.originalUrl));
      return;
    }
    if (made.kind === 'page') {
      sendPage(response, made.status, made.page);
      return;
    }
    // Not `response.redirect`: it would write the address into a body of its own.
    response.status(302).set({ Location: made.location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow' });
    hideStandings(response);
    if (made.cookie !== null) response.append('Set-Cookie', made.cookie);
    response.end();
  };
}

/** For every other method. */
export function refuseMethod(route: string, allow: string): RequestHandler {
  return (_request, response) => {
    contextOf(response).route = route;
    response.set('Allow', allow);
    sendPage(response, 405, METHOD_NOT_ALLOWED);
  };
}

/** A path Express cannot decode (`%E0%A4`) names nothing; anything else is the application's business. */
export function unreadablePath(route: string, notFound: Page): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (!(error instanceof URIError)) {
      next(error);
      return;
    }
    contextOf(response).route = route;
    sendPage(response, 404, notFound);
  };
}

function logFailure(services: Services, route: string, error: unknown): void {
  if (!(error instanceof TooLate) && classifyFailure(error) === 'ours') services.log.error({ err: error, route }, 'a page failed');
  else services.log.warn({ err: error, route }, 'the database is not available');
}
