import { Socket } from 'node:net';

/** Where the driver would connect to; several hosts are tried in turn. */
type Place = { readonly host: readonly string[]; readonly port: readonly number[]; readonly path?: string | false; readonly idle_timeout?: unknown };

/**
 * Sockets for the driver that give themselves up once nothing has come in or gone out for `quietMs` (`ETIMEDOUT`). A
 * server that is hung, or whose machine is gone, keeps its connections: TCP alone would wait for a quarter of an hour.
 * The driver closes what is idle before that, so that whoever is quiet for so long owes an answer. A subscription
 * (LISTEN), which the driver never counts as idle, may be quiet for as long as it likes: TCP's own probes look after it.
 */
export function quietSockets(quietMs: number): (place: Place) => Socket {
  let next = 0;
  return (place) => {
    const at = next % place.port.length;
    next += 1;
    const host = place.host[at];
    const socket = new Socket();
    // By these the driver chooses whom a certificate must name.
    Object.assign(socket, { host, port: place.port[at] });
    if (place.idle_timeout !== null) giveUpWhenQuiet(socket, quietMs);
    if (typeof place.path === 'string') socket.connect(place.path);
    else socket.connect({ port: place.port[at] ?? 5432, ...(host === undefined ? {} : { host }) });
    return socket;
  };
}

/** What passes through TLS above it counts as well: Node counts it for the socket below. */
function giveUpWhenQuiet(socket: Socket, quietMs: number): void {
  const giveUp = (): void => { socket.destroy(quietError(quietMs)); };
  socket.setTimeout(quietMs);
  socket.on('timeout', giveUp);
  // The driver takes every listener away before it puts TLS on top. TLS hears of the close; the error has no other reader.
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event) => {
    removeAll(event);
    socket.on('timeout', giveUp);
    socket.on('error', () => {});
    return socket;
  };
}

function quietError(quietMs: number): Error {
  return Object.assign(new Error(`the database was silent for ${String(quietMs / 1000)} s`), { code: 'ETIMEDOUT' });
}
