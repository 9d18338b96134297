import type { LaidOutMessage } from './laid-out-message.ts';
import { escapeHtml } from './line.ts';
import type { Line } from './line.ts';

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Mail clients take styles inline; this block only adds what inline styles cannot say: dark colours and small screens. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
a{color:#1d4ed8}
@media (max-width:600px){.fw-page{padding:16px 12px!important}.fw-card{padding:28px 22px!important}.fw-button{display:block!important;text-align:center!important}}
@media (prefers-color-scheme:dark){.fw-body,.fw-page{background:#111317!important}.fw-card{background:#1b1e24!important;border-color:#2c313a!important}
.fw-strong{color:#f3f4f6!important}.fw-text{color:#d5d9e0!important}.fw-quiet,.fw-quiet a{color:#a3abb8!important}a.fw-link{color:#93b4ff!important}.fw-rule{border-color:#2c313a!important}}`;

/** Keeps inboxes from filling the preview line with the text after the preheader. */
const PREVIEW_FILLER = '&#847;&zwnj;&nbsp;'.repeat(30);

/**
 * The HTML: no tables, images, scripts or outside resources; readable without any style; at most 560 px wide.
 * Lines come escaped; every other string of the message is escaped here.
 */
export function htmlLayout(message: LaidOutMessage): string {
  const language = escapeHtml(message.language);
  return `<!DOCTYPE html>
<html lang="${language}" dir="${message.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${message.subject.escaped}</title>
<style>
${STYLE}
</style>
</head>
<body class="fw-body" style="margin:0;padding:0;background:#f3f4f6;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:transparent">${message.preheader.escaped}${PREVIEW_FILLER}</div>
<div class="fw-page" role="article" lang="${language}" dir="${message.direction}" style="background:#f3f4f6;padding:32px 16px;font-family:${FONT}">
<div style="max-width:560px;margin:0 auto">
<p class="fw-strong" style="margin:0 4px 16px;font-size:17px;line-height:24px;font-weight:700;color:#111827">${message.tenantName.escaped}</p>
${card(message)}
${footer(message)}
</div>
</div>
</body>
</html>
`;
}

function card(message: LaidOutMessage): string {
  const link = escapeHtml(message.linkUrl);
  const paragraphs = message.paragraphs.map((paragraph) => text(paragraph)).join('\n');
  return `<div class="fw-card" style="background:#ffffff;border:1px solid #e5e7eb;border-radius:12px;padding:36px 40px">
${message.programTitle.plain === '' ? '' : `<p class="fw-quiet" style="margin:0 0 8px;font-size:14px;line-height:20px;font-weight:600;color:#5b6472">${message.programTitle.escaped}</p>\n`}<h1 class="fw-strong" style="margin:0 0 20px;font-size:24px;line-height:32px;font-weight:700;color:#111827">${message.heading.escaped}</h1>
${text(message.greeting, around(message))}
${paragraphs}
<p style="margin:28px 0 24px"><a class="fw-button" href="${link}" style="display:inline-block;background:#1d4ed8;color:#ffffff;font-size:16px;line-height:24px;font-weight:600;text-decoration:none;padding:12px 28px;border-radius:8px">${message.callToAction.escaped}</a></p>
${share(message)}${message.expiry === null ? '' : `<p class="fw-quiet"${around(message)} style="margin:0 0 16px;font-size:14px;line-height:21px;color:#5b6472">${message.expiry.escaped}</p>\n`}<p class="fw-quiet fw-rule"${around(message)} style="margin:0;padding:16px 0 0;border-top:1px solid #e5e7eb;font-size:13px;line-height:20px;color:#5b6472">${message.linkHint.escaped}<br><a class="fw-link" href="${link}" style="color:#1d4ed8;word-break:break-all;overflow-wrap:anywhere">${link}</a></p>
</div>`;
}

function share({ share: given }: LaidOutMessage): string {
  if (given === undefined) return '';
  const url = escapeHtml(given.url);
  const link = 'class="fw-link" style="display:inline-block;padding:8px 16px 8px 0;color:#1d4ed8"';
  const ways = given.ways.map((way) => `<a ${link} href="${escapeHtml(way.url)}">${escapeHtml(way.label)}</a>`).join(' ');
  return `<p class="fw-text" style="margin:0 0 16px;font-size:16px;line-height:25px;color:#374151;overflow-wrap:anywhere">${given.words.escaped}<br>${ways}<br><a class="fw-link" href="${url}" style="color:#1d4ed8;word-break:break-all;overflow-wrap:anywhere">${url}</a></p>\n`;
}

function text({ escaped }: Line, attributes = ''): string {
  return `<p class="fw-text"${attributes} style="margin:0 0 16px;font-size:16px;line-height:25px;color:#374151;overflow-wrap:anywhere">${escaped}</p>`;
}

/** Says the language of a sentence around the words, where it is not theirs. */
function around({ around: other }: LaidOutMessage): string {
  return other === null ? '' : ` lang="${escapeHtml(other.language)}" dir="${other.direction}"`;
}

function footer(message: LaidOutMessage): string {
  const optOut = quietLink(message.unsubscribeUrl, message.optOut);
  const preferences = message.preferences === null ? '' : `<br>${quietLink(message.preferences.url, message.preferences.words)}`;
  const postal = message.signature.map((line) => line.escaped).join('<br>');
  return `<div class="fw-quiet"${around(message)} style="margin:20px 4px 0;font-size:13px;line-height:20px;color:#5b6472;overflow-wrap:anywhere">
<p style="margin:0 0 8px">${message.reason.escaped}</p>
${message.ignore === null ? '' : `<p style="margin:0 0 8px">${message.ignore.escaped}</p>\n`}<p style="margin:0 0 16px">${optOut}${preferences}</p>
<p style="margin:0">${postal}</p>
</div>`;
}

function quietLink(url: string, words: Line): string {
  return `<a href="${escapeHtml(url)}" style="color:#5b6472;text-decoration:underline">${words.escaped}</a>`;
}
