import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { LandingLanguage } from '../../domain/landing/page-words.ts';
import { html, textOf } from './html.ts';
import type { Html } from './html.ts';
import { LANDING_STYLE } from './landing-style.ts';

/** How a link to the page is shown where it is shared. `url`, `image`: whole addresses. */
export type SharedAs = { readonly url: string; readonly title: string; readonly description: string; readonly image: string; readonly alt: string; readonly siteName: string };
export type LandingPage = { readonly lang: LandingLanguage; readonly title: string; readonly body: Html; readonly shared?: SharedAs };

/** What every such page weighs less than, with all it takes to be shown. */
export const LARGEST_PAGE_BYTES = 30_000;
export const CARD_SIZE = { width: 1200, height: 630 } as const;
const LOCALES: Readonly<Record<LandingLanguage, string>> = { en: 'en_US', es: 'es_ES', de: 'de_DE' };
const STYLE_HASH = createHash('sha256').update(LANDING_STYLE).digest('base64');

/**
 * It loads nothing, runs nothing and is framed by nobody. Browsers hold `form-action` against where a form's answer sends them on to, and
 * against where that sends them on: accepting leads to a destination on the tenant's list, which may do so, so any `https:` is let through.
 * `destination`: the origin it leads to, where that is not https (this machine, in development).
 */
function policyFor(destination: string | null): string {
  const actions = ["'self'", 'https:', ...(destination === null || destination.startsWith('https:') ? [] : [destination])];
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${actions.join(' ')}; base-uri 'none'; frame-ancestors 'none'`;
}

export function renderLanding({ lang, title, body, shared }: LandingPage): string {
  const head = html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${shared === undefined ? '' : metaOf(shared, lang)}`;
  // The style is ours and hashed by the policy as it stands: it goes in unescaped.
  return `<!doctype html>\n${textOf(head)}<style>${LANDING_STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n</body>\n</html>\n`;
}

/** Open Graph (ogp.me) and Twitter cards; what the picture shows is said in words, too. */
function metaOf({ url, title, description, image, alt, siteName }: SharedAs, lang: LandingLanguage): Html {
  return html`<meta name="description" content="${description}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="${siteName}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${url}">
<meta property="og:locale" content="${LOCALES[lang]}">
<meta property="og:image" content="${image}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${CARD_SIZE.width}">
<meta property="og:image:height" content="${CARD_SIZE.height}">
<meta property="og:image:alt" content="${alt}">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:title" content="${title}">
<meta name="twitter:description" content="${description}">
<meta name="twitter:image" content="${image}">
<meta name="twitter:image:alt" content="${alt}">
`;
}

/** Answers with it. `destination`: see above. */
export function sendLanding(response: ServerResponse, status: number, page: LandingPage, destination: string | null = null): void {
  const body = Buffer.from(renderLanding(page));
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Language', page.lang);
  response.setHeader('Content-Security-Policy', policyFor(destination));
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Vary', 'Accept-Language');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Robots-Tag', 'noindex, nofollow');
  response.setHeader('Content-Length', body.length);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
