import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, textOf } from './html.ts';
import type { Page } from './page.ts';
import { PLAY_STYLE } from './play-style.ts';

const STYLE = `${PLAY_STYLE}.board { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.board th, .board td { padding: .6rem .35rem; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; overflow-wrap: normal; }
.board thead th { border-top: 0; color: var(--soft); font-size: .875rem; }
.board tbody th { font-weight: 400; overflow-wrap: break-word; }
.board td:last-child { white-space: nowrap; }
.read { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.board td:nth-child(3), .board th:nth-child(3) { padding-right: .9rem; text-align: right; white-space: nowrap; }
.board small { color: var(--soft); }
.own > * { background: var(--wash); font-weight: 700; }
.own > th { font-weight: 700; }
.apart > * { border-top: 3px double var(--edge); }
`;

/**
 * Keeps the board live: the server says what to put in, already written and escaped. Without a script, or without EventSource, the page asks for
 * itself every ten seconds.
 */
const SCRIPT = `(function (d) {
  if (!window.EventSource) return setTimeout(function () { location.reload(); }, 10000);
  var e = new EventSource(location.pathname + '/live');
  e.addEventListener('board', function (m) {
    var parts = JSON.parse(m.data);
    ['own', 'board'].forEach(function (id) {
      var at = d.getElementById(id);
      if (at && at.innerHTML !== parts[id]) at.innerHTML = parts[id];
    });
  });
  e.addEventListener('end', function () { e.close(); setTimeout(function () { location.reload(); }, 5000); });
})(document);`;

const HEADERS = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
});

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The board's page whole. `isLive`: something may still change. */
export function renderBoardPage({ lang, title, body }: Omit<Page, 'style'>, isLive: boolean): string {
  const head = textOf(html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${isLive ? html`<noscript><meta http-equiv="refresh" content="10"></noscript>
` : html``}<style>`);
  // Style and script are ours and hashed by the policy as they stand: they go in unescaped.
  return `<!doctype html>\n${head}${STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n${isLive ? `<script>${SCRIPT}</script>\n` : ''}</body>\n</html>\n`;
}

export function sendBoardPage(response: ServerResponse, page: Omit<Page, 'style'>, { status, isLive }: { status: 200 | 404; isLive: boolean }): void {
  const body = Buffer.from(renderBoardPage(page, isLive));
  response.statusCode = status;
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
