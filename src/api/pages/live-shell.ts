import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, textOf } from './html.ts';
import type { Page } from './page.ts';

type LivePage = Omit<Page, 'style'>;

/** Sends a page that changes by itself. `isLive`: something may still change. */
export type SendLive = (response: ServerResponse, page: LivePage, how: { readonly status: 200 | 404; readonly isLive: boolean }) => void;

/**
 * Pages with a style and a script of ours, which the policy allows by their hashes and nothing else. Without a script a live page asks for
 * itself every ten seconds.
 */
export function liveSender({ style, script }: { readonly style: string; readonly script: string }): SendLive {
  const headers = Object.entries({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    'Content-Type': 'text/html; charset=utf-8',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  });
  const render = ({ lang, title, body }: LivePage, isLive: boolean): string => {
    const head = textOf(html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${isLive ? html`<noscript><meta http-equiv="refresh" content="10"></noscript>
` : html``}<style>`);
    // Style and script are ours and hashed by the policy as they stand: they go in unescaped.
    return `<!doctype html>\n${head}${style}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n${isLive ? `<script>${script}</script>\n` : ''}</body>\n</html>\n`;
  };
  return (response, page, { status, isLive }) => {
    const body = Buffer.from(render(page, isLive));
    response.statusCode = status;
    for (const [name, value] of headers) response.setHeader(name, value);
    response.setHeader('Content-Length', body.length);
    response.end(response.req.method === 'HEAD' ? undefined : body);
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
