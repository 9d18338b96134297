import { cleanLine, cleanLines } from '../message/clean-text.ts';
import { escapeHtml, wrap } from '../message/line.ts';
import type { RenderedMessage } from '../message/render-invite.ts';
import type { WeeklyReport } from './report.ts';
import { layOutReportMail } from './report-mail-layout.ts';
import { sayReport, type SaidReport, type SaidRow } from './say-report.ts';
import { fillWords } from './words/fill-words.ts';
import { reportWords, type ReportLanguage } from './words/report-language.ts';
import type { ReportWords } from './words/report-words.ts';

/** Who writes, and in which language. */
export type ReportLetterhead = { readonly language: ReportLanguage; readonly tenantName: string; readonly fromName: string; readonly postalAddress: string; readonly unsubscribeUrl: string };
export type ReportLetter = Pick<RenderedMessage, 'subject' | 'preheader' | 'text' | 'html' | 'senderName'>;
const NAME_MAX = 120;

/** A report as a mail that reads on a phone: HTML without images or anything from outside, and plain text. Its PDF goes beside it. Pure. */
export function renderReportMail(report: WeeklyReport, unitTitles: ReadonlyMap<string, string>, head: ReportLetterhead): ReportLetter {
  const words = reportWords(head.language);
  const said = sayReport(report, unitTitles, head.language);
  const tenantName = cleanLine(head.tenantName, NAME_MAX);
  const [first] = said.headline;
  return {
    senderName: cleanLine(head.fromName, NAME_MAX),
    subject: fillWords(words.mail.subject, { tenant: tenantName, title: said.title, name: first?.name ?? '', value: first?.value ?? '' }),
    preheader: said.period,
    text: reportText(said, tenantName, head, words),
    html: layOutReportMail({ said, words, language: head.language, tenantName, footer: footerHtml(head, words) }),
  };
}

/** Asks somebody whom the tenant named whether they want reports. */
export function renderConfirmMail({ confirmUrl, ...head }: ReportLetterhead & { readonly confirmUrl: string }): ReportLetter {
  const tenantName = cleanLine(head.tenantName, NAME_MAX);
  const words = reportWords(head.language);
  const { heading, ignore, yes, ...question } = words.question;
  const ask = fillWords(question.ask, { tenant: tenantName });
  return {
    senderName: cleanLine(head.fromName, NAME_MAX),
    subject: fillWords(question.subject, { tenant: tenantName }),
    preheader: ignore,
    text: [heading, '', wrap(ask), '', `${yes}:`, confirmUrl, '', wrap(ignore), '', ...signature(head)].join('\n'),
    html: layOutReportMail({ question: { heading, ask, ignore, confirmUrl, button: yes }, language: head.language, tenantName, footer: footerHtml({ ...head, unsubscribeUrl: null }, words) }),
  };
}

function reportText(said: SaidReport, tenantName: string, head: ReportLetterhead, words: ReportWords): string {
  const { headings } = words;
  const block = (title: string, rows: readonly SaidRow[]): string[] => (rows.length === 0 ? [] : [title, ...rows.map((row) => `  ${fillWords(words.mail.row, row)}`), '']);
  return [
    `${tenantName}: ${said.title}`, said.period, '',
    ...said.headline.flatMap(({ name, value, detail }) => [`${name}: ${value}`, wrap(detail), '']),
    ...block(headings.all, said.totals),
    ...block(headings.amounts, said.amounts),
    ...said.loops.flatMap(({ title, rows }) => block(title, rows)),
    ...(said.referrers.length === 0 ? [] : [headings.referrers, ...said.referrers.map(({ externalId, result }) => `  ${cleanLine(externalId, 60)}: ${result}`), '']),
    ...said.notes.map(wrap), '', words.mail.pdf, '',
    `${words.mail.stop}: ${head.unsubscribeUrl}`, '', ...signature(head), '',
  ].join('\n');
}

function signature({ fromName, postalAddress }: Pick<ReportLetterhead, 'fromName' | 'postalAddress'>): string[] {
  return [cleanLine(fromName, NAME_MAX), ...cleanLines(postalAddress, 6, 120)];
}

function footerHtml(head: Omit<ReportLetterhead, 'unsubscribeUrl'> & { readonly unsubscribeUrl: string | null }, { mail }: ReportWords): string {
  const stop = head.unsubscribeUrl === null ? '' : `<p style="margin:0 0 12px">${escapeHtml(mail.because)} <a href="${escapeHtml(head.unsubscribeUrl)}" style="color:#4b5563;text-decoration:underline">${escapeHtml(mail.stop)}</a></p>\n`;
  return `${stop}<p style="margin:0">${signature(head).map(escapeHtml).join('<br>')}</p>`;
}
