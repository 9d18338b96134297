import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { sleep } from './wait-until.ts';

/** What came back over HTTP. */
export type Reply = { status: number; replayed: boolean; text: string; retryAfterSeconds: number | null };

export type ApiCaller = {
  /** One request; throws where no answer came. POST takes a fresh key unless one is given. */
  send(method: string, path: string, body?: unknown, key?: string): Promise<Reply>;
  /** Repeats it, with the same key, while the API is away or asks for patience: as a well-behaved app does. */
  sendUntilAnswered(method: string, path: string, body: unknown, key?: string): Promise<Reply & { attempts: number }>;
};

/** By the API's address: how many answers came, and what was wrong with which. */
const answers = new Map<string, { count: number; bad: { at: number; what: string }[] }>();

export function answersSoFar(url: string): number {
  return answers.get(url)?.count ?? 0;
}

export function badAnswersSince(url: string, since: number): string[] {
  return (answers.get(url)?.bad ?? []).filter(({ at }) => at > since).map(({ what }) => what);
}

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
    const text = await response.text();
    note(url, `${method} ${path}`, response, text);
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, replayed: response.headers.get('idempotent-replayed') === 'true', text, retryAfterSeconds: retryAfter === null ? null : Number(retryAfter) };
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

function note(url: string, call: string, response: Response, text: string): void {
  const all = answers.get(url) ?? { count: 0, bad: [] };
  answers.set(url, all);
  all.count += 1;
  const wrong = findWrong(response, text);
  if (wrong !== null) all.bad.push({ at: all.count, what: `${call} ${String(response.status)} ${wrong}: ${text.slice(0, 200)}` });
}

/** What only our own side may see: the frames of a stack, the names of our parts and of theirs, the system's words. */
const OUR_INSIDE = /\n\s+at |node_modules|PostgresError|DrizzleQueryError|SQLSTATE|\bE(?:CONN|PIPE|HOST|TIMED)\w*|CONNECT_TIMEOUT|CONNECTION_\w+|\bselect .+ from /i;
/** Any address but a tenant's own sender. */
const AN_ADDRESS = /(?<!hello)@[a-z0-9-]+\.[a-z]/i;

function findWrong(response: Response, text: string): string | null {
  if (response.status === 500) return 'is a failure of ours';
  if (OUR_INSIDE.test(text)) return 'tells of our inside';
  if (AN_ADDRESS.test(text)) return 'holds an address';
  if (response.status < 400) return null;
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) return 'is no problem+json';
  return response.status === 503 && response.headers.get('retry-after') === null ? 'does not say when to come again' : null;
}

/** Reads an answer that must have this status. */
export function read<T extends z.ZodType>(reply: Reply, status: number, schema: T): z.output<T> {
  if (reply.status !== status) throw new Error(`answered ${String(reply.status)} and not ${String(status)}: ${reply.text.slice(0, 500)}`);
  return schema.parse(JSON.parse(reply.text));
}
