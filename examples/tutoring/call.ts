import { randomUUID } from 'node:crypto';

/** One request with the secret key. `once` is the Idempotency-Key of a POST: made from your own fact, so that a repeat does nothing twice. */
export type Call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, once?: string) => Promise<unknown>;

export function caller(url: string, secretKey: string): Call {
  return async (method, path, body, once = randomUUID()) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': once } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    return answer;
  };
}
