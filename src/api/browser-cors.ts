import type { RequestHandler, Response } from 'express';
import { isPossibleOrigin } from '../domain/key/allowed-origin.ts';
import type { Method } from './route.ts';
import { contextOf } from './request-context.ts';

/** What pages may send, and what of an answer they may read, beside what every page may (Fetch standard, CORS-safelisted). */
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Flywheel-Key';
const ANSWER_HEADERS = 'Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
/** Browsers ask again after at most two hours, whatever is said. */
const KEPT_SECONDS = 7_200;

/** Lets the page of this origin read the answer; without one, nobody's page. No cookies come along: none of ours count here. */
export function allowReading(response: Response, origin: string | null): void {
  response.vary('Origin');
  if (origin === null) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', ANSWER_HEADERS);
}

/**
 * Lets a page read that it must come again later, where its key was not looked at, or could not be: any page that could stand on a list, as
 * such an answer tells nothing of anybody. What `allowReading` allowed stays.
 */
export function allowReadingOfDelay(response: Response, origin: string | undefined): void {
  response.vary('Origin');
  if (origin !== undefined && isPossibleOrigin(origin) && !response.headersSent && !response.hasHeader('Access-Control-Allow-Origin')) allowReading(response, origin);
}

/**
 * Answers what browsers ask before they send (a preflight). It carries no key, so it is not known whose list counts: any origin that
 * could stand on one may go on to send, and the request itself is judged by its key. Nothing is learnt from this answer.
 */
export function answerPreflight(path: string, methods: readonly Method[]): RequestHandler {
  return (request, response) => {
    contextOf(response).route = path;
    const { origin } = request.headers;
    response.vary('Origin').vary('Access-Control-Request-Method').vary('Access-Control-Request-Headers');
    response.setHeader('Allow', [...methods.map((method) => method.toUpperCase()), 'OPTIONS'].join(', '));
    if (origin !== undefined && isPossibleOrigin(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Methods', methods.map((method) => method.toUpperCase()).join(', '));
      response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS);
      response.setHeader('Access-Control-Max-Age', String(KEPT_SECONDS));
    }
    response.status(204).end();
  };
}
