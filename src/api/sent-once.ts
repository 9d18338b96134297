import type { RequestHandler } from 'express';
import { problem } from './problems.ts';
import { sendProblem } from './send-answer.ts';

const ONCE = ['host', 'authorization', 'content-type', 'idempotency-key'];

/**
 * Refuses a request without `Host`, or that says twice what it can say only once (RFC 9112, 3.2; RFC 9110, 5.3): a proxy
 * that believes the first value and we another would serve somebody else than was let in.
 */
export const sentOnce: RequestHandler = (request, response, next) => {
  const twice = ONCE.find((name) => (request.headersDistinct[name]?.length ?? 0) > 1);
  if (twice !== undefined) sendProblem(response, problem('malformed_http', { detail: `Send the header \`${twice}\` once.` }));
  else if (request.httpVersion === '1.1' && request.headers.host === undefined) sendProblem(response, problem('malformed_http', { detail: 'Send the header `host`.' }));
  else next();
};
