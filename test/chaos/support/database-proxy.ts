import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { LOOPBACK } from '../../../src/dev/free-port.ts';

/**
 * Stands between one process and PostgreSQL, and passes all on until `caught` says of a piece that this is the moment:
 * that piece and whatever would follow on any connection goes nowhere any more, and `stopped` resolves. So a process is
 * killed between two steps that are less than a millisecond apart.
 */
export type DatabaseProxy = { url(of: string): string; readonly stopped: Promise<void>; close(): Promise<void> };

/** What it has seen of one connection. `sent`: by the process; `answered`: by the server. */
export type Seen = { readonly sent: string; readonly answered: string };

/** Enough to recognise a statement by. */
const REMEMBERED = 20_000;

export async function openDatabaseProxy(port: number, caught: (seen: Seen, piece: { from: 'process' | 'server'; text: string }) => boolean): Promise<DatabaseProxy> {
  let stop: () => void = () => {};
  let isStopped = false;
  const stopped = new Promise<void>((resolve) => { stop = () => { isStopped = true; resolve(); }; });
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port, host: LOOPBACK });
    let seen: Seen = { sent: '', answered: '' };
    const relay = (from: 'process' | 'server', source: Socket, target: Socket): void => {
      source.on('data', (piece) => {
        if (isStopped) return;
        const text = piece.toString('latin1');
        if (caught(seen, { from, text })) {
          stop();
          return;
        }
        seen = from === 'process' ? { ...seen, sent: (seen.sent + text).slice(-REMEMBERED) } : { ...seen, answered: (seen.answered + text).slice(-REMEMBERED) };
        target.write(piece);
      });
      source.on('error', () => target.destroy());
      source.on('close', () => { sockets.delete(source); target.destroy(); });
      sockets.add(source);
    };
    relay('process', client, upstream);
    relay('server', upstream, client);
  });
  await once(server.listen(0, LOOPBACK), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return {
    stopped,
    url(of) {
      const changed = new URL(of);
      changed.port = String(address.port);
      return changed.href;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
