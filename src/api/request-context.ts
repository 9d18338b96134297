import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { KeyId, TenantId } from '../domain/ids.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ProblemCode } from './problems.ts';

/** What is known about a request while it is answered; it becomes its line in the log. */
export type RequestContext = {
  readonly requestId: string;
  /** The route's pattern, never the address itself: that may hold an id of somebody else's choosing. */
  route: string;
  tenantId?: TenantId;
  keyId?: KeyId;
  problem?: ProblemCode;
  replayed?: boolean;
};

const contexts = new WeakMap<object, RequestContext>();

export function contextOf(response: ServerResponse): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new Error('the request has no context: beginRequest must come first');
  return context;
}

/** Gives a request an id, and writes one line when it is over: pattern, status, duration, ids. */
export function beginRequest(log: Logger, { method }: IncomingMessage, response: ServerResponse): RequestContext {
  const context: RequestContext = { requestId: `req_${randomUUID()}`, route: 'none' };
  contexts.set(response, context);
  const startedAt = performance.now();
  response.on('close', () => {
    const level = response.statusCode >= 500 ? 'warn' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level]({
      ...context,
      method,
      status: response.statusCode,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      ...(response.writableFinished ? {} : { aborted: true }),
    }, 'request');
  });
  return context;
}

/** Begins each request and tells its id (`X-Request-Id`). */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Request-Id', beginRequest(log, request, response).requestId);
    next();
  };
}
