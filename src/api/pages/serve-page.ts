import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { askDatabase } from '../ask-database.ts';
import { TooLate } from '../deadline.ts';
import { classifyFailure } from '../failure.ts';
import { contextOf } from '../request-context.ts';
import type { Services } from '../services.ts';
import { METHOD_NOT_ALLOWED, unavailablePage } from './common-pages.ts';
import { sendPage } from './page.ts';
import type { Page } from './page.ts';

/** What a person gets. */
export type PageAnswer = { kind: 'page'; status: 200 | 404 | 422; page: Page };

export const PAGE_TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Serves one page; `route` is its pattern, for the log. Nobody waits for a database that does not answer: after five
 * seconds, at once where many wait already, or on a failure, comes a page that says so, 503 with Retry-After, which mail programs and browsers heed.
 */
export function servePage(services: Services, route: string, answer: (request: Request) => Promise<PageAnswer>): RequestHandler {
  return async (request, response) => {
    contextOf(response).route = route;
    const made = await askForPage(services, route, () => answer(request));
    if (made === null) sendUnavailable(response, request.originalUrl);
    else sendPage(response, made.status, made.page);
  };
}

/** What is to be shown; null where the database does not tell in time, or fails: the log knows. */
export async function askForPage<T>(services: Services, route: string, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await askDatabase(services, PAGE_TIMEOUT_MS, ask);
  } catch (error) {
    logFailure(services, route, error);
    return null;
  }
}

/** `again`: the address to open once more. */
export function sendUnavailable(response: ServerResponse, again: string): void {
  response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
  sendPage(response, 503, unavailablePage(again));
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
