import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { sleep } from './wait-until.ts';

/** What came back over HTTP. */
export type Reply = { status: number; replayed: boolean; text: string };

export type ApiCaller = {
  /** One request; throws where no answer came. POST takes a fresh key unless one is given. */
  send(method: string, path: string, body?: unknown, key?: string): Promise<Reply>;
  /** Repeats it, with the same key, while the API is away or asks for patience: as a well-behaved app does. */
  sendUntilAnswered(method: string, path: string, body: unknown, key?: string): Promise<Reply & { attempts: number }>;
};

const REPEAT_AFTER_MS = 200;
const GIVE_UP_MS = 60_000;

export function apiCaller(url: string, secret: string): ApiCaller {
  const send = async (method: string, path: string, body: unknown, key: string = randomUUID()): Promise<Reply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': key } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, replayed: response.headers.get('idempotent-replayed') === 'true', text: await response.text() };
  };
  return {
    send,
    async sendUntilAnswered(method, path, body, key = randomUUID()) {
      const until = performance.now() + GIVE_UP_MS;
      for (let attempts = 1; ; attempts += 1) {
        const reply = await send(method, path, body, key).catch(() => null);
        if (reply !== null && reply.status !== 409 && reply.status < 500) return { ...reply, attempts };
        if (performance.now() > until) throw new Error(`${method} ${path} was not answered: ${reply === null ? 'no connection' : reply.text}`);
        await sleep(REPEAT_AFTER_MS);
      }
    },
  };
}

/** Reads an answer that must have this status. */
export function read<T extends z.ZodType>(reply: Reply, status: number, schema: T): z.output<T> {
  if (reply.status !== status) throw new Error(`answered ${String(reply.status)} and not ${String(status)}: ${reply.text.slice(0, 500)}`);
  return schema.parse(JSON.parse(reply.text));
}
