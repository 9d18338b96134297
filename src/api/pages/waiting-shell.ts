import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, textOf } from './html.ts';
import type { Page } from './page.ts';
import { PLAY_STYLE } from './play-style.ts';

/**
 * Keeps the page live: whenever the server says that something changed, it is fetched again and what changed is put in. A field that is being
 * read or copied from is left alone. Without a script the page asks for itself every ten seconds.
 */
const SCRIPT = `(function (d) {
  if (!window.EventSource) return setInterval(look, 5000);
  var e = new EventSource(location.pathname + '/live');
  e.addEventListener('changed', look);
  e.addEventListener('end', function () { e.close(); setTimeout(function () { location.reload(); }, 5000); });
  function look() {
    fetch(location.href, { headers: { accept: 'text/html' } }).then(function (r) { return r.ok ? r.text() : null; }).then(function (t) {
      if (!t) return;
      var fresh = new DOMParser().parseFromString(t, 'text/html').getElementById('news'), old = d.getElementById('news');
      if (fresh && old && fresh.innerHTML !== old.innerHTML && !old.contains(d.activeElement)) old.innerHTML = fresh.innerHTML;
    }, function () {});
  }
})(document);`;

const HEADERS = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(PLAY_STYLE)}; script-src ${hashOf(SCRIPT)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
});

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The waiting page whole. `isLive`: something may still change. */
export function renderWaitingPage({ lang, title, body }: Omit<Page, 'style'>, isLive: boolean): string {
  const head = textOf(html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${isLive ? html`<noscript><meta http-equiv="refresh" content="10"></noscript>
` : html``}<style>`);
  // Style and script are ours and hashed by the policy as they stand: they go in unescaped.
  return `<!doctype html>\n${head}${PLAY_STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n${isLive ? `<script>${SCRIPT}</script>\n` : ''}</body>\n</html>\n`;
}

export function sendWaitingPage(response: ServerResponse, page: Omit<Page, 'style'>, { status, isLive }: { status: 200 | 404; isLive: boolean }): void {
  const body = Buffer.from(renderWaitingPage(page, isLive));
  response.statusCode = status;
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
