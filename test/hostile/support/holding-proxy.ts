import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { LOOPBACK } from '../../../src/dev/free-port.ts';

/** A piece of what a connection carries; `sent` is what the process has sent on it before. */
export type Piece = { readonly from: 'process' | 'server'; readonly text: string; readonly sent: string };

export type HoldingProxy = {
  /** The same database, by way of the proxy. */
  url(of: string): string;
  /** Resolves when so many connections are held; rejects where that takes longer than `limitMs`. */
  held(count: number, limitMs: number): Promise<void>;
  close(): Promise<void>;
};

/**
 * Stands between a process and PostgreSQL and passes all on, until a connection comes to its moment: that piece and all that
 * follows on this connection goes nowhere. So many requests can be caught at the same step, each on its own connection, and
 * their process be killed there. PostgreSQL keeps what is held open until `close`: it does not know yet that anybody died.
 */
export async function openHoldingProxy(port: number, isMoment: (piece: Piece) => boolean): Promise<HoldingProxy> {
  const sockets = new Set<Socket>();
  let count = 0;
  let look = (): void => {};
  const server = createServer((client) => {
    const upstream = connect({ port, host: LOOPBACK });
    let sent = '';
    let isHeld = false;
    const pass = (from: Piece['from'], source: Socket, target: Socket): void => {
      sockets.add(source);
      source.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (!isHeld && isMoment({ from, text, sent })) {
          isHeld = true;
          count += 1;
          look();
        }
        if (isHeld) return;
        if (from === 'process') sent = (sent + text).slice(-20_000);
        target.write(bytes);
      });
      source.on('error', () => {}); // a killed process cuts its connections
      source.on('close', () => {
        sockets.delete(source);
        if (!isHeld) target.destroy();
      });
    };
    pass('process', client, upstream);
    pass('server', upstream, client);
  });
  await once(server.listen(0, LOOPBACK), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return {
    url: (of) => Object.assign(new URL(of), { port: String(address.port) }).href,
    async held(wanted, limitMs) {
      let limit: NodeJS.Timeout | undefined;
      await new Promise<void>((done, failed) => {
        limit = setTimeout(() => { failed(new Error(`${String(count)} of ${String(wanted)} requests came to their moment`)); }, limitMs);
        look = () => { if (count >= wanted) done(); };
        look();
      });
      clearTimeout(limit);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
