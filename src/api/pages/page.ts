import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, textOf } from './html.ts';
import type { Html } from './html.ts';
import { PAGE_STYLE } from './style.ts';
import { remember } from '../clicks/remember.ts';

/** One page: `lang` as BCP 47, `body` inside `<main>`, beginning with an `<h1>`. `style`: where it needs more than all pages have. */
export type Page = { lang: string; title: string; body: Html; style?: string };

/** There are a few. */
const MOST_STYLES = 20;

/**
 * A page loads nothing, runs nothing, is framed by nobody, and its address (which may hold a token) goes nowhere:
 * not into a cache, a search engine or another site's log.
 */
const headersFor = remember(MOST_STYLES, (style) => {
  const hash = createHash('sha256').update(style).digest('base64');
  return Object.entries({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'Content-Type': 'text/html; charset=utf-8',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  });
});

export function renderPage(page: Page): string {
  const shell = html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>`;
  // The style is ours and hashed by the policy as it stands: it goes in unescaped.
  return `<!doctype html>\n${textOf(html`<html lang="${page.lang}">`)}\n${textOf(shell)}${page.style ?? PAGE_STYLE}</style>\n</head>\n`
    + `<body>\n<main>\n${textOf(page.body)}\n</main>\n</body>\n</html>\n`;
}

/** Answers with a page and the headers every page carries. */
export function sendPage(response: ServerResponse, status: number, page: Page): void {
  const body = Buffer.from(renderPage(page));
  response.statusCode = status;
  for (const [name, value] of headersFor(page.style ?? PAGE_STYLE)) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
