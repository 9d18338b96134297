import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_KINDS, problem, problemBody } from './problems.ts';
import type { ProblemCode } from './problems.ts';

/**
 * The last word to a connection on which no request could be read: broken or ambiguous HTTP (RFC 9112, 6.3: a message with
 * two lengths may be an attack), headers too large, or a request that came too slowly. `running` is the answer to an earlier
 * request of the same connection, if there is one: it is still given, as its request may have had its effect.
 */
export function refuseBroken(error: Error, socket: Duplex, running: ServerResponse | undefined): void {
  if (running !== undefined && running.req.complete) {
    if (!running.headersSent) running.setHeader('Connection', 'close');
    running.once('close', () => { socket.destroy(); });
    return;
  }
  if (running?.headersSent === true || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = codeOf('code' in error ? error.code : undefined);
  const { status } = PROBLEM_KINDS[code];
  const requestId = `req_${randomUUID()}`;
  const body = JSON.stringify(problemBody(problem(code), requestId));
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/problem+json', `Content-Length: ${String(Buffer.byteLength(body))}`, 'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff', `X-Request-Id: ${requestId}`, 'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => { socket.destroy(); });
}

function codeOf(code: unknown): ProblemCode {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT': return 'request_too_slow';
    case 'HPE_HEADER_OVERFLOW': return 'headers_too_large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW': return 'body_too_large';
    default: return 'malformed_http';
  }
}
