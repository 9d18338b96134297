import { connect } from 'node:net';

/** What came back over a bare connection: the first answer, and how many there were. */
export type RawReply = { readonly status: number; readonly head: string; readonly body: string; readonly code: string | null; readonly answers: number };

/**
 * Writes the pieces as they are, `gapMs` apart, and reads until the server closes; asks no library what HTTP is.
 * Rejects where nothing comes within `limitMs`.
 */
export async function sendRaw(url: string, pieces: readonly (string | Buffer)[], { limitMs = 10_000, gapMs = 5 } = {}): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on('data', (data: Buffer) => { received.push(data); });
  socket.on('error', () => {}); // a server that cuts is an answer, too
  const closed = new Promise<void>((done) => { socket.once('close', () => { done(); }); });
  const limit = setTimeout(() => { socket.destroy(); }, limitMs);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise((next) => { setTimeout(next, gapMs); });
  }
  await closed;
  clearTimeout(limit);
  return readAnswers(Buffer.concat(received).toString('utf8'));
}

function readAnswers(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  const body = Buffer.from(text.slice(end + 4)).subarray(0, length).toString('utf8');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    head, body,
    code: /"code":"(\w+)"/.exec(body)?.[1] ?? null,
    answers: text.match(/^HTTP\/1\.1 \d{3}/gm)?.length ?? 0,
  };
}
