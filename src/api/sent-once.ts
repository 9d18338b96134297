import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { problem } from './problems.ts';
import { sendProblem } from './send-answer.ts';

const ONCE: ReadonlySet<string> = new Set(['host', 'authorization', 'content-type', 'idempotency-key', 'origin', 'x-flywheel-key']);
const LENGTHS: ReadonlySet<number> = new Set([...ONCE].map((name) => name.length));

/**
 * Refuses a request without `Host`, or that says twice what it can say only once (RFC 9112, 3.2; RFC 9110, 5.3): a proxy
 * that believes the first value and we another would serve somebody else than was let in.
 */
export const sentOnce: RequestHandler = (request, response, next) => {
  const wrong = sentWrong(request);
  if (wrong === null) next();
  else sendProblem(response, problem('malformed_http', { detail: wrong }));
};

/** What is wrong in that respect; null: nothing. */
export function sentWrong({ rawHeaders, headers, httpVersion }: IncomingMessage): string | null {
  const seen: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i] ?? '';
    if (!LENGTHS.has(raw.length)) continue;
    const name = raw.toLowerCase();
    if (!ONCE.has(name)) continue;
    if (seen.includes(name)) return `Send the header \`${name}\` once.`;
    seen.push(name);
  }
  return httpVersion === '1.1' && headers.host === undefined ? 'Send the header `host`.' : null;
}
