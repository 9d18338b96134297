import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export type Opened = { status: number; headers: IncomingHttpHeaders; text: string };
export type Opening = { method?: string; headers?: Record<string, string>; body?: string };

export const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** One request as a browser makes it, a connection of its own, any Host, no redirect followed. */
export function openPage(base: string, path: string, { method = 'GET', headers = {}, body }: Opening = {}): Promise<Opened> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(base);
    const sent = request({ hostname, port, path, method, agent: false, headers: { host: 'flywheel.example', 'user-agent': BROWSER, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}
