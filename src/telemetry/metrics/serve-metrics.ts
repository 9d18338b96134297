import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

export type MetricsPort = { readonly url: string | null; close(): Promise<void> };

/**
 * Answers `GET /metrics` in Prometheus' text form on a port of its own, never the public one. Without a port nothing is
 * served; port 0 takes a free one. `host` is loopback unless whoever scrapes is elsewhere: the page asks nobody who they are.
 * Rejects when the port is taken.
 */
export async function serveMetrics({ port, host }: { port: number | undefined; host: string }, registry: Registry): Promise<MetricsPort> {
  if (port === undefined) return { url: null, close: async () => {} };
  const server = createServer((request, response) => {
    const isAsked = request.url === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    if (!isAsked) {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    void registry.metrics().then(
      (text) => { response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text); },
      () => { response.writeHead(500, { connection: 'close' }).end(); },
    );
  });
  await once(server.listen(port, host), 'listening');
  const address = server.address();
  return {
    url: address === null || typeof address === 'string' ? null : `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}/metrics`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
