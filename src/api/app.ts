import { types } from 'node:util';
import type { RequestListener } from 'node:http';
import express from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import { trustOf } from './asked-by.ts';
import { explainPageRouter } from './explain-page.ts';
import { groupBy } from '../domain/group-by.ts';
import { answerPreflight } from './browser-cors.ts';
import { openFollower } from './clicks/follow.ts';
import { docsRouter } from './docs.ts';
import { healthRouter } from './health.ts';
import { landingPageRouter } from './landing-page.ts';
import { observeRequests } from './observe-requests.ts';
import { openApiDocument } from './openapi.ts';
import { preferencePageRouter } from './preference-page.ts';
import { previewPageRouter } from './preview-page.ts';
import { problem } from './problems.ts';
import { PAGE_TIMEOUT_MS } from './pages/serve-page.ts';
import { playPageRouter } from './play-page.ts';
import { openRedirect } from './redirect.ts';
import { referralPageRouter } from './referral-page.ts';
import { reportsPageRouter } from './reports-page.ts';
import { contextOf, requestLog } from './request-context.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { sendProblem } from './send-answer.ts';
import { shareCardRouter } from './share-card.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { sentOnce } from './sent-once.ts';
import { sendFailure, serveRoute } from './serve-route.ts';
import type { Services } from './services.ts';
import { unsubscribeRouter } from './unsubscribe.ts';
import { rallyPageRouter } from './rally-page.ts';
import { waitingPageRouter } from './waiting-page.ts';
import { stripeRouter } from './webhooks/stripe-router.ts';
import { twilioRouter } from './webhooks/twilio-router.ts';

const DOCUMENT = openApiDocument(routes);

/** The whole HTTP side, without listening: see listen.ts. Short links, of which there are by far the most, are answered before Express. */
export function createApi(services: Services): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', 'simple');
  app.set('trust proxy', typeof services.trustProxy === 'object' ? [...services.trustProxy] : services.trustProxy ?? false);
  app.use(requestLog(services.log));
  if (services.watch !== undefined) app.use(observeRequests(services.watch));
  app.use((_request, response, next) => {
    setSecurityHeaders(response);
    next();
  });
  app.use(sentOnce);
  app.use(healthRouter(services));
  app.use(docsRouter(DOCUMENT));
  const follow = openFollower(services, Math.min(PAGE_TIMEOUT_MS, services.requestTimeoutMs ?? PAGE_TIMEOUT_MS));
  const redirect = openRedirect(services, trustOf(app), follow);
  app.use(redirect.router);
  app.use(shareCardRouter(services));
  app.use(landingPageRouter(services, trustOf(app), follow));
  app.use(unsubscribeRouter(services));
  app.use(twilioRouter(services));
  app.use(stripeRouter(services));
  app.use(preferencePageRouter(services));
  app.use(explainPageRouter(services));
  app.use(previewPageRouter(services));
  app.use(referralPageRouter(services));
  app.use(playPageRouter(services));
  app.use(waitingPageRouter(services));
  app.use(rallyPageRouter(services));
  app.use(reportsPageRouter(services));
  mount(app, routes, services);
  app.use((_request, response) => { sendProblem(response, problem('route_not_found')); });
  app.use(lastResort(services));
  return (request, response) => { if (!redirect.answers(request, response)) app(request, response); };
}

function mount(app: Express, all: readonly Route[], services: Services): void {
  for (const route of all) app[route.method](expressPath(route.path), serveRoute(route, services));
  for (const [path, sharing] of groupBy(all, (route) => route.path)) {
    const allowed = sharing.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
    const forBrowsers = sharing.flatMap(({ browser, method }) => (browser === true ? [method] : []));
    if (forBrowsers.length > 0) app.options(expressPath(path), answerPreflight(path, forBrowsers));
    app.all(expressPath(path), (_request, response) => {
      contextOf(response).route = path;
      response.setHeader('Allow', allowed);
      sendProblem(response, problem('method_not_allowed', { detail: `Use ${allowed}.` }));
    });
  }
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Express's own refusals (an address it cannot decode), and whatever got past everything else. */
function lastResort(services: Services): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const status = types.isNativeError(error) && 'status' in error ? error.status : 500;
    if (status === 400) sendProblem(response, problem('invalid_request', { detail: 'The address holds an escape that cannot be read.' }));
    else sendFailure(response, services, error);
  };
}
