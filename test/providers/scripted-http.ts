import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export type HttpRequest = { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string };
export type ScriptedHttp = { readonly url: string; readonly requests: readonly HttpRequest[]; close(): Promise<void> };

/** A server on the loopback interface that keeps what it was asked and answers as the test says. */
export async function scriptedHttp(answer: (request: HttpRequest, response: ServerResponse) => void): Promise<ScriptedHttp> {
  const requests: HttpRequest[] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
      requests.push(request);
      answer(request, response);
    }, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
