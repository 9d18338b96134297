import { createServer } from 'node:http';
import { findFreePort, LOOPBACK } from './free-port.ts';
import { html } from './html.ts';

export type DemoApp = { readonly url: string; readonly host: string; stop(): Promise<void> };

/**
 * Stands in for the app that uses Flywheel: the page an invite's link leads to. It shows what arrives there, which is
 * what the app hands back with its `signed_up` event.
 */
export async function startDemoApp(preferredPort: number, say: (text: string) => void): Promise<DemoApp> {
  const port = await findFreePort(preferredPort, say);
  const server = createServer((request, response) => {
    const clickId = new URL(request.url ?? '/', 'http://localhost').searchParams.get('clickId') ?? 'none';
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': 'no-store',
    });
    response.end(page(clickId).html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const host = `${LOOPBACK}:${String(port)}`;
  return {
    url: `http://${host}/`,
    host,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function page(clickId: string) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Welcome to Lumen</title><style>body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}code{word-break:break-all}</style></head>
<body><h1>Welcome to Lumen</h1><p>This page stands in for your own app: here a friend would sign up.</p>
<p>The link brought <code>clickId=${clickId}</code>. Your app gives it back with the sign-up, and Flywheel knows who brought whom:</p>
<p><code>POST /v1/events</code> with type <code>signed_up</code></p></body></html>`;
}
