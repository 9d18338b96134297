import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export type HttpCall = { readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly path: string; readonly secret?: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };
export type HttpAnswer = { readonly status: number; readonly text: string };

/** A client that keeps its connections, with as little of its own to do as can be: it shares the machine with what it measures. */
export type HttpLoad = {
  send(call: HttpCall): Promise<HttpAnswer>;
  /** All of them, each connection one after the other; throws at an answer of another status. Returns the ms it took. */
  sendAll(calls: readonly HttpCall[], status: number): Promise<number>;
  /** Starts one call every so often, whatever the answers do; returns how long each took from when it was to start, in ms. */
  sendSteadily(calls: readonly HttpCall[], everyMs: number, status: number): Promise<number[]>;
  close(): void;
};

export function openHttpLoad(url: string, connections: number): HttpLoad {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const send = ({ method, path, secret, body, headers }: HttpCall): Promise<HttpAnswer> => new Promise((resolve, reject) => {
    const asked = request({
      agent, hostname, port, method, path,
      headers: {
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
    }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
  const sendRight = async (call: HttpCall, status: number): Promise<void> => {
    const answer = await send(call);
    if (answer.status !== status) throw new Error(`${call.method} ${call.path} was answered ${String(answer.status)} and not ${String(status)}: ${answer.text.slice(0, 500)}`);
  };
  return {
    send,
    async sendAll(calls, status) {
      const todo = calls.values();
      const startedMs = performance.now();
      await Promise.all(Array.from({ length: connections }, async () => { for (const call of todo) await sendRight(call, status); }));
      return performance.now() - startedMs;
    },
    async sendSteadily(calls, everyMs, status) {
      const startMs = performance.now();
      return Promise.all(calls.map(async (call, i) => {
        const atMs = startMs + i * everyMs;
        await new Promise((resolve) => { setTimeout(resolve, Math.max(0, atMs - performance.now())); });
        await sendRight(call, status);
        return performance.now() - atMs;
      }));
    },
    close: () => agent.destroy(),
  };
}
