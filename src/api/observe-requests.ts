import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { ApiWatch } from '../telemetry/api-watch.ts';
import { NO_SPAN } from '../telemetry/tracing/tracing.ts';
import type { Span, Tracing } from '../telemetry/tracing/tracing.ts';
import { contextOf } from './request-context.ts';

const spans = new WeakMap<object, Span>();
/** Asked every few seconds by machines that nobody traces. */
const NOT_TRACED: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** The request's own span; `NO_SPAN` where it is not traced. */
export function spanOf(response: ServerResponse): Span {
  return spans.get(response) ?? NO_SPAN;
}

/**
 * Counts a request and traces it where it is sampled, under its route's pattern: no path, no query, nothing of a body.
 * Comes after beginRequest, whose context says at the end what the request turned out to be.
 */
export function observeRequest({ http, tracing }: ApiWatch, request: IncomingMessage, path: string, response: ServerResponse): void {
  const { method = '' } = request;
  const startedAtMs = performance.now();
  http.begun();
  const span = tracing.isOn && !NOT_TRACED.has(path) ? beginSpan(tracing, request, path) : NO_SPAN;
  if (span !== NO_SPAN) spans.set(response, span);
  response.on('close', () => {
    const { route, problem } = contextOf(response);
    const aborted = !response.writableFinished;
    http.answered({ method, route, status: response.statusCode, aborted, problem, durationMs: performance.now() - startedAtMs });
    if (span !== NO_SPAN) endSpan(span, method, response, aborted);
  });
}

export function observeRequests(watch: ApiWatch): RequestHandler {
  return (request, response, next) => {
    observeRequest(watch, request, request.path, response);
    next();
  };
}

/** Apps go on with their traces. Whoever opens a link or a page has no say in what we record. */
function beginSpan(tracing: Tracing, { method = '', headers }: IncomingMessage, path: string): Span {
  const given = headers['traceparent'];
  return tracing.start(method, { kind: 'server', parent: path.startsWith('/v1/') && typeof given === 'string' ? given : undefined });
}

function endSpan(span: Span, method: string, response: ServerResponse, aborted: boolean): void {
  const { requestId, route, tenantId, problem } = contextOf(response);
  span.rename(`${method} ${route}`);
  span.set({
    'http.request.method': method, 'http.route': route, 'http.response.status_code': response.statusCode, 'flywheel.request_id': requestId,
    ...(tenantId === undefined ? {} : { 'flywheel.tenant_id': tenantId }),
    ...(problem === undefined ? {} : { 'flywheel.problem': problem }),
  });
  if (aborted) span.fail('aborted');
  else if (response.statusCode >= 500) span.fail(problem ?? String(response.statusCode));
  span.end();
}
