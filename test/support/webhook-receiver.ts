import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export type ReceivedWebhook = { path: string; headers: IncomingHttpHeaders; body: string };
/** What a request is answered: a status (with headers), nothing at all, or by hand. */
export type ScriptedAnswer = number | { status: number; headers: Record<string, string> } | 'hang' | ((response: ServerResponse) => void);

/** A tenant's own server: takes what comes, keeps it, answers as it was told. */
export type WebhookReceiver = {
  readonly url: string;
  readonly port: number;
  readonly received: ReceivedWebhook[];
  /** What a path answers from now on; 204 where nothing was said. */
  answer(path: string, answer: ScriptedAnswer | (() => ScriptedAnswer)): void;
  /** Those of one path, as `webhook-id`s. */
  idsAt(path: string): string[];
  close(): Promise<void>;
};

const portSchema = z.object({ port: z.number() });

export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const scripts = new Map<string, ScriptedAnswer | (() => ScriptedAnswer)>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body });
      answerWith(response, scripts.get(path) ?? 204);
    }).catch(() => { /* who called has hung up */ });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => { sockets.delete(socket); });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = portSchema.parse(server.address());
  return {
    url: `http://127.0.0.1:${String(port)}`, port, received,
    answer: (path, answer) => { scripts.set(path, answer); },
    idsAt: (path) => received.filter((each) => each.path === path).map(({ headers }) => String(headers['webhook-id'])),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A script with an argument answers by hand; one without is asked for its answer. */
function answerWith(response: ServerResponse, script: ScriptedAnswer | (() => ScriptedAnswer)): void {
  if (typeof script === 'function') {
    const made = script.length === 0 ? script(response) : void script(response);
    if (made !== undefined) answerWith(response, made);
    return;
  }
  if (script === 'hang') return;
  const { status, headers } = typeof script === 'number' ? { status: script, headers: {} } : script;
  response.writeHead(status, headers).end();
}
