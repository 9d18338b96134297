import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

export type StreamedEvent = { id: string; event: string; data: Record<string, unknown>; atMs: number };

/** A reader of server-sent events over real HTTP. */
export type EventReader = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next event that nobody took yet; rejects when the stream ends before. */
  next(): Promise<StreamedEvent>;
  /** Those that came and nobody took. */
  readonly waiting: readonly StreamedEvent[];
  /** Comments that came. */
  beats(): number;
  /** Resolves when the other side has ended it. */
  readonly ended: Promise<void>;
  close(): void;
};

export async function readEvents(base: string, path: string, headers: Record<string, string>): Promise<EventReader> {
  const outgoing: ClientRequest = request(`${base}${path}`, { agent: false, headers: { accept: 'text/event-stream', ...headers } }).end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => { outgoing.on('response', resolve); outgoing.on('error', reject); });
  const waiting: StreamedEvent[] = [];
  const takers: { resolve(event: StreamedEvent): void; reject(error: Error): void }[] = [];
  let beats = 0;
  let text = '';
  let isOver = false;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      if (block.startsWith(':')) beats += 1;
      const event = read(block);
      if (event === null) continue;
      const taker = takers.shift();
      if (taker === undefined) waiting.push(event);
      else taker.resolve(event);
    }
  });
  const ended = new Promise<void>((resolve) => {
    const over = (): void => {
      isOver = true;
      for (const taker of takers.splice(0)) taker.reject(new Error('the stream ended'));
      resolve();
    };
    response.on('end', over).on('close', over).on('error', over);
  });
  outgoing.on('error', () => {});
  return {
    status: response.statusCode ?? 0, headers: response.headers, waiting, ended,
    beats: () => beats,
    next: () => new Promise((resolve, reject) => {
      const event = waiting.shift();
      if (event !== undefined) resolve(event);
      else if (isOver) reject(new Error('the stream ended'));
      else takers.push({ resolve, reject });
    }),
    close: () => { outgoing.destroy(); },
  };
}

function read(block: string): StreamedEvent | null {
  const fields = new Map(block.split('\n').map((line): [string, string] => { const [name = '', ...rest] = line.split(': '); return [name, rest.join(': ')]; }));
  const data = fields.get('data');
  if (data === undefined) return null;
  const parsed: unknown = JSON.parse(data);
  return { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {}, atMs: performance.now() };
}
