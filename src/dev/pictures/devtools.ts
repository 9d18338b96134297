import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

/** Chromium's DevTools protocol over a pair of pipes: JSON texts with a zero byte behind each. */
export type Devtools = { call<T extends z.ZodType>(method: string, params: object, answer: T, sessionId?: string): Promise<z.output<T>> };

const ANSWERS_WITHIN_MS = 25_000;
const message = z.object({ id: z.number().optional(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() });
type Waiting = { settle(result: unknown): void; fail(error: Error): void };

/** Every call is answered within 25 s or rejects. */
export function openDevtools(into: Writable, from: Readable): Devtools {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let rest = '';
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const { id, result, error } = message.parse(JSON.parse(text));
      const call = id === undefined ? undefined : waiting.get(id);
      if (error === undefined) call?.settle(result);
      else call?.fail(new Error(error.message));
    }
  });
  // Closed with the browser; the calls that are open say so when their time is over.
  into.on('error', () => {});
  return {
    async call(method, params, answer, sessionId) {
      const id = lastId += 1;
      let timer: NodeJS.Timeout | undefined;
      try {
        const result = await new Promise<unknown>((settle, fail) => {
          waiting.set(id, { settle, fail });
          timer = setTimeout(() => fail(new Error(`The browser did not answer ${method} within ${String(ANSWERS_WITHIN_MS / 1000)} s.`)), ANSWERS_WITHIN_MS);
          into.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
        });
        return answer.parse(result);
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
  };
}
