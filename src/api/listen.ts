import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuseBroken } from './refuse-broken.ts';

export type Listening = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** From now on every answer ends its connection (`Connection: close`), so that clients move on; new ones are still taken. */
  drain(): void;
  /** Takes no new connections, lets running requests end within `graceMs`, then cuts what is left. */
  close(graceMs?: number): Promise<void>;
};

/** A little more than the longest request may take. */
const CLOSE_GRACE_MS = 31_000;
/** Slow headers are looked for every five seconds; a slow body is serve-route.ts's to refuse, long before a minute is over. */
const TIMEOUTS = { requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 };

/** Serves an app. Port 0 takes a free one. Rejects when the port is taken (EADDRINUSE). */
export async function listen(app: RequestListener, { port, host, ...timeouts }: { port: number; host: string } & Partial<typeof TIMEOUTS>): Promise<Listening> {
  const server = createServer({ ...TIMEOUTS, ...timeouts, requireHostHeader: false }); // sent-once.ts asks for it, and says so
  const sockets = trackSockets(server);
  const answers = trackAnswers(server, app);
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => { server.off('error', failed); done(); });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    port: address.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    drain: answers.endConnections,
    async close(graceMs = CLOSE_GRACE_MS) {
      answers.endConnections();
      const closed = new Promise<void>((done) => { server.close(() => { done(); }); });
      server.closeIdleConnections();
      // Opened ahead of need, as browsers do, and never used: not idle in Node's eyes before its headers are due.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const cut = setTimeout(() => { server.closeAllConnections(); }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => { sockets.delete(socket); });
  });
  return sockets;
}

/** Hands requests to the app; `endConnections` makes each answer from then on the last of its connection, those under way included. */
function trackAnswers(server: Server, app: RequestListener): { endConnections(): void } {
  const running = new Set<ServerResponse>();
  let isEnding = false;
  const endAfter = (response: ServerResponse): void => { if (!response.headersSent) response.setHeader('Connection', 'close'); };
  server.on('request', (request, response) => {
    running.add(response);
    response.once('close', () => { running.delete(response); });
    if (isEnding) endAfter(response);
    app(request, response);
  });
  server.on('clientError', (error, socket) => {
    refuseBroken(error, socket, [...running].find((response) => response.socket === socket));
  });
  return {
    endConnections() {
      isEnding = true;
      for (const response of running) endAfter(response);
    },
  };
}
