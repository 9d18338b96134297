import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { STORY_STYLE } from './explain-style.ts';
import { html, textOf } from './html.ts';
import type { Html } from './html.ts';

/** A story's page: `body` goes inside `<main>`. */
export type StoryPage = { title: string; body: Html };

const STYLE_HASH = createHash('sha256').update(STORY_STYLE).digest('base64');

/** As on every page of ours, and stricter by one: nothing on it is sent anywhere. */
const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
};

export function renderStoryPage({ title, body }: StoryPage): string {
  const head = textOf(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>`);
  // The style is ours and hashed by the policy as it stands: it goes in unescaped.
  return `<!doctype html>\n${head}${STORY_STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n</body>\n</html>\n`;
}

export function sendStoryPage(response: Response, page: StoryPage): void {
  response.status(200).set(HEADERS).send(renderStoryPage(page));
}
