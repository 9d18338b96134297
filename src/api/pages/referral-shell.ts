import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, textOf } from './html.ts';
import type { Page } from './page.ts';
import { REFERRAL_STYLE } from './referral-style.ts';

/**
 * What a button does that needs a script: copying, and the system's own way of sharing. Such buttons are hidden until it
 * has run, so that the page has none that does nothing. It reads what stands in the page and sends nothing.
 */
const SCRIPT = `(function (d) {
  var said = d.getElementById('said');
  function say(text) { said.textContent = ''; setTimeout(function () { said.textContent = text; }, 50); }
  d.querySelectorAll('[data-copy]').forEach(function (b) {
    if (!navigator.clipboard) return;
    var words = b.textContent;
    b.hidden = false;
    b.addEventListener('click', function () {
      navigator.clipboard.writeText(b.getAttribute('data-copy')).then(function () {
        b.textContent = said.getAttribute('data-copied');
        say(b.textContent);
        setTimeout(function () { b.textContent = words; }, 2000);
      }, function () {});
    });
  });
  var s = d.getElementById('share');
  if (s && navigator.share) {
    s.hidden = false;
    s.addEventListener('click', function () {
      navigator.share({ title: s.getAttribute('data-title'), text: s.getAttribute('data-text'), url: s.getAttribute('data-url') }).catch(function () {});
    });
  }
  var i = d.getElementById('link');
  if (i) i.addEventListener('focus', function () { i.select(); });
})(document);`;

const HEADERS = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(REFERRAL_STYLE)}; script-src ${hashOf(SCRIPT)}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  'Content-Type': 'text/html; charset=utf-8',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
});

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The referral page whole: the one page of ours for people that brings a script, let in by its hash. */
export function renderReferralPage({ lang, title, body }: Omit<Page, 'style'>): string {
  const head = textOf(html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>`);
  // Style and script are ours and hashed by the policy as they stand: they go in unescaped.
  return `<!doctype html>\n${head}${REFERRAL_STYLE}</style>\n</head>\n<body>\n<main>\n${textOf(body)}\n</main>\n<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

export function sendReferralPage(response: ServerResponse, page: Omit<Page, 'style'>): void {
  const body = Buffer.from(renderReferralPage(page));
  response.statusCode = 200;
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
