import { randomUUID } from 'node:crypto';
import type { z } from 'zod';

/** Calls the running API as an app's back end would. */
export type ApiClient = {
  call<T extends z.ZodType>(method: 'GET' | 'POST' | 'PUT', path: string, body: unknown, answer: T): Promise<z.output<T>>;
};

export function apiClient(url: string, secret: string): ApiClient {
  return {
    async call(method, path, body, answer) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${secret}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text.slice(0, 500)}`);
      return answer.parse(JSON.parse(text));
    },
  };
}
