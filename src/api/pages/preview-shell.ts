import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { html, textOf } from './html.ts';
import type { Html } from './html.ts';
import { PREVIEW_STYLE } from './preview-style.ts';

/** A preview's page: `body` goes inside `<main>`; `mailHtml` is what its frames hold. */
export type PreviewPage = { title: string; body: Html; mailHtml: string };

/**
 * As on every page of ours, and stricter: nothing on it is sent anywhere, and nothing in a frame goes anywhere else. The
 * frames are bound by the page's policy: of styles it lets in ours and the mail's by their hashes, and the mail's
 * attributes, which can load nothing.
 */
function headersFor(mailHtml: string): Readonly<Record<string, string>> {
  const styles = [PREVIEW_STYLE, ...[...mailHtml.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style)].map(hashOf).join(' ');
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src ${styles}; style-src-elem ${styles}; style-src-attr 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    'Content-Type': 'text/html; charset=utf-8',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  };
}

function hashOf(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}

export function sendPreviewPage(response: Response, page: PreviewPage): void {
  const head = textOf(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>`);
  // The style is ours and hashed by the policy as it stands: it goes in unescaped.
  response.status(200).set(headersFor(page.mailHtml))
    .send(`<!doctype html>\n${head}${PREVIEW_STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(page.body)}\n</main>\n</body>\n</html>\n`);
}
