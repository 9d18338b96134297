import { once } from 'node:events';
import { createServer } from 'node:http';

export type HealthPort = { readonly url: string | null; close(): Promise<void> };

const LOOPBACK = '127.0.0.1';

/**
 * Answers `GET /healthz` on loopback for a process that serves nothing else: 200, or 503 with what is wrong, in words
 * for an operator. `findTrouble` gives null while all is well; it must not wait. Without a port nothing is served; port 0
 * takes a free one. Rejects when the port is taken.
 */
export async function serveHealth(port: number | undefined, findTrouble: () => string | null): Promise<HealthPort> {
  if (port === undefined) return { url: null, close: async () => {} };
  const server = createServer((request, response) => {
    const isAsked = request.url === '/healthz' && (request.method === 'GET' || request.method === 'HEAD');
    const trouble = isAsked ? findTrouble() : null;
    response.writeHead(isAsked ? (trouble === null ? 200 : 503) : 404, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
    response.end(isAsked ? `${JSON.stringify(trouble === null ? { status: 'up' } : { status: 'stuck', trouble })}\n` : undefined);
  });
  await once(server.listen(port, LOOPBACK), 'listening');
  const address = server.address();
  return {
    url: address === null || typeof address === 'string' ? null : `http://${LOOPBACK}:${String(address.port)}/healthz`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
