import { cleanLine } from '../message/clean-text.ts';
import { escapeHtml } from '../message/line.ts';
import type { SaidReport, SaidRow } from './say-report.ts';
import { fillWords } from './words/fill-words.ts';
import type { ReportLanguage } from './words/report-language.ts';
import type { ReportWords } from './words/report-words.ts';

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Styles stand inline, as mail programs want them; this only adds dark colours. Every pair of colours is at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.fw-body,.fw-page{background:#111317!important}.fw-card{background:#1b1e24!important;border-color:#2c313a!important}
.fw-strong{color:#f3f4f6!important}.fw-text{color:#d5d9e0!important}.fw-quiet,.fw-quiet a{color:#a3abb8!important}.fw-rule td,.fw-rule th{border-color:#2c313a!important}}`;

type Content = { readonly said: SaidReport; readonly words: ReportWords } | { readonly question: { readonly heading: string; readonly ask: string; readonly ignore: string; readonly confirmUrl: string; readonly button: string } };

/** One column, at most 600 px, nothing wider than a phone: tables of four short columns, names above numbers that would not fit. `footer` is HTML. */
export function layOutReportMail(of: Content & { readonly language: ReportLanguage; readonly tenantName: string; readonly footer: string }): string {
  const title = escapeHtml('said' in of ? `${of.tenantName}: ${of.said.title}` : of.question.heading);
  return `<!DOCTYPE html>
<html lang="${of.language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<style>
${STYLE}
</style>
</head>
<body class="fw-body" style="margin:0;padding:0;background:#f3f4f6;-webkit-text-size-adjust:100%">
<div class="fw-page" role="article" lang="${of.language}" style="background:#f3f4f6;padding:20px 12px;font-family:${FONT}">
<div style="max-width:600px;margin:0 auto">
<p class="fw-strong" style="margin:0 4px 12px;font-size:17px;line-height:24px;font-weight:700;color:#111827;overflow-wrap:anywhere">${escapeHtml(of.tenantName)}</p>
${'said' in of ? reportCards(of.said, of.words) : questionCard(of.question)}
<div class="fw-quiet" style="margin:20px 4px 0;font-size:13px;line-height:20px;color:#4b5563;overflow-wrap:anywhere">
${of.footer}
</div>
</div>
</div>
</body>
</html>
`;
}

function reportCards(said: SaidReport, words: ReportWords): string {
  const { headings } = words;
  const table = (label: string, rows: readonly SaidRow[]): string => tableHtml(label, rows, words);
  const head = `<h1 class="fw-strong" style="margin:0 0 4px;font-size:24px;line-height:32px;color:#111827">${escapeHtml(said.title)}</h1>
<p class="fw-quiet" style="margin:0 0 20px;font-size:15px;line-height:22px;color:#4b5563">${escapeHtml(said.period)}</p>
${said.headline.map(headlineHtml).join('\n')}`;
  return [
    card(head),
    card(heading(headings.all) + table(headings.allFigures, said.totals)),
    ...(said.amounts.length === 0 ? [] : [card(heading(headings.amounts) + table(headings.amounts, said.amounts))]),
    ...said.loops.map(({ title, rows }) => card(heading(title) + table(fillWords(headings.figuresOf, { title }), rows))),
    ...(said.referrers.length === 0 ? [] : [card(heading(headings.referrers) + referrers(said))]),
    card(said.notes.map((note) => paragraph(note)).join('\n') + paragraph(words.mail.pdf)),
  ].join('\n');
}

function questionCard({ heading: title, ask, ignore, confirmUrl, button }: Extract<Content, { question: unknown }>['question']): string {
  return card(`<h1 class="fw-strong" style="margin:0 0 16px;font-size:24px;line-height:32px;color:#111827">${escapeHtml(title)}</h1>
${paragraph(ask)}
<p style="margin:20px 0"><a href="${escapeHtml(confirmUrl)}" style="display:inline-block;background:#1d4ed8;color:#ffffff;font-size:16px;line-height:24px;font-weight:600;text-decoration:none;padding:12px 28px;border-radius:8px">${escapeHtml(button)}</a></p>
${paragraph(ignore)}`);
}

function card(content: string): string {
  return `<div class="fw-card" style="background:#ffffff;border:1px solid #e5e7eb;border-radius:12px;padding:20px 16px;margin:0 0 12px">
${content}
</div>`;
}

function heading(title: string): string {
  return `<h2 class="fw-strong" style="margin:0 0 8px;font-size:18px;line-height:26px;color:#111827;overflow-wrap:anywhere">${escapeHtml(title)}</h2>\n`;
}

function headlineHtml({ name, value, detail }: SaidReport['headline'][number]): string {
  return `<p class="fw-quiet" style="margin:0;font-size:14px;line-height:20px;font-weight:600;color:#4b5563">${escapeHtml(name)}</p>
<p class="fw-strong" style="margin:0;font-size:32px;line-height:40px;font-weight:700;color:#111827">${escapeHtml(value)}</p>
<p class="fw-text" style="margin:0 0 16px;font-size:14px;line-height:21px;color:#374151">${escapeHtml(detail)}</p>`;
}

const CELL = 'padding:6px 0 6px 8px;border-top:1px solid #e5e7eb;font-size:15px;line-height:21px;vertical-align:top';
const HEAD = 'padding:4px 0 4px 8px;font-size:12px;line-height:18px;font-weight:600;color:#4b5563;vertical-align:bottom';

function tableHtml(label: string, rows: readonly SaidRow[], { columns }: ReportWords): string {
  const line = ({ name, now, before, change }: SaidRow): string => `<tr class="fw-rule"><th scope="row" class="fw-text" style="${CELL};padding-left:0;text-align:left;font-weight:400;color:#374151;overflow-wrap:anywhere">${escapeHtml(name)}</th>
<td class="fw-strong" style="${CELL};text-align:right;font-weight:700;color:#111827">${escapeHtml(now)}</td>
<td class="fw-text" style="${CELL};text-align:right;color:#374151">${escapeHtml(before)}</td>
<td class="fw-text" style="${CELL};text-align:right;color:#374151">${escapeHtml(change)}</td></tr>`;
  const head = (text: string, align: string): string => `<th scope="col" class="fw-quiet" style="${HEAD};text-align:${align}">${escapeHtml(text)}</th>`;
  return `<table aria-label="${escapeHtml(label)}" style="width:100%;border-collapse:collapse">
<tr>${head('', 'left')}${head(columns.now, 'right')}${head(columns.beforeShort, 'right')}${head(columns.change, 'right')}</tr>
${rows.map(line).join('\n')}
</table>`;
}

function referrers({ referrers: top }: SaidReport): string {
  const line = ({ externalId, result }: SaidReport['referrers'][number]): string => `<li class="fw-text" style="margin:0 0 6px;font-size:15px;line-height:21px;color:#374151;overflow-wrap:anywhere"><strong class="fw-strong" style="color:#111827">${escapeHtml(cleanLine(externalId, 60))}</strong><br>${escapeHtml(result)}</li>`;
  return `<ol style="margin:0;padding:0 0 0 22px">
${top.map(line).join('\n')}
</ol>`;
}

function paragraph(text: string): string {
  return `<p class="fw-text" style="margin:0 0 10px;font-size:14px;line-height:21px;color:#374151">${escapeHtml(text)}</p>`;
}
