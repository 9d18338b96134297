import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

export type Listening = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, lets running ones end within `graceMs`, then cuts what is left. */
  close(graceMs?: number): Promise<void>;
};

const CLOSE_GRACE_MS = 5000;
const TIMEOUTS = { requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 };

/** Serves an app. Port 0 takes a free one. Rejects when the port is taken (EADDRINUSE). */
export async function listen(app: RequestListener, { port, host }: { port: number; host: string }): Promise<Listening> {
  const server = createServer(TIMEOUTS, app);
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => { server.off('error', failed); done(); });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    port: address.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close(graceMs = CLOSE_GRACE_MS) {
      const closed = new Promise<void>((done) => { server.close(() => { done(); }); });
      server.closeIdleConnections();
      const cut = setTimeout(() => { server.closeAllConnections(); }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
