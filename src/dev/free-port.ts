import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Ports handed out lately by this process: two parts that start side by side must not be given the same one. */
const handedOut = new Set<number>();

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * A loopback TCP port nobody listens on: the preferred one if it is free, else the next free one among the twenty above it,
 * else any that the system offers. Numbers near the preferred one are easier to remember and to find again.
 * `say` hears when the preferred one was stepped around.
 */
export async function findFreePort(preferred?: number, say: (text: string) => void = () => {}): Promise<number> {
  const candidates = preferred === undefined ? [] : Array.from({ length: 21 }, (_, step) => preferred + step);
  for (const candidate of [...candidates.filter((port) => port <= 65_535), ...Array.from({ length: 20 }, () => 0)]) {
    if (candidate !== 0 && handedOut.has(candidate)) continue;
    const port = await listenOnce(candidate);
    if (port === undefined || handedOut.has(port)) continue;
    handedOut.add(port);
    if (preferred !== undefined && port !== preferred) say(`port ${preferred} is in use, taking ${port}`);
    setTimeout(() => handedOut.delete(port), 10_000).unref();
    return port;
  }
  throw new Error('No free loopback port was found. Close a program that holds many ports and try again.');
}

/** Gives a port back that was not used after all, so that the next try may have it. */
export function returnPort(port: number): void {
  handedOut.delete(port);
}
