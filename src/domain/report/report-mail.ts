import { cleanLine, cleanLines } from '../message/clean-text.ts';
import { escapeHtml, wrap } from '../message/line.ts';
import type { RenderedMessage } from '../message/render-invite.ts';
import type { WeeklyReport } from './report.ts';
import { layOutReportMail } from './report-mail-layout.ts';
import { sayReport, type SaidReport, type SaidRow } from './say-report.ts';

/** Who writes. */
export type ReportLetterhead = { readonly tenantName: string; readonly fromName: string; readonly postalAddress: string; readonly unsubscribeUrl: string };
export type ReportLetter = Pick<RenderedMessage, 'subject' | 'preheader' | 'text' | 'html' | 'senderName'>;
const NAME_MAX = 120;

/** A report as a mail that reads on a phone: HTML without images or anything from outside, and plain text. Its PDF goes beside it. Pure. */
export function renderReportMail(report: WeeklyReport, unitTitles: ReadonlyMap<string, string>, head: ReportLetterhead): ReportLetter {
  const said = sayReport(report, unitTitles);
  const tenantName = cleanLine(head.tenantName, NAME_MAX);
  const [first] = said.headline;
  return {
    senderName: cleanLine(head.fromName, NAME_MAX),
    subject: `${tenantName}: ${said.title.toLowerCase()}, K at first value ${first?.value ?? ''}`,
    preheader: said.period,
    text: reportText(said, tenantName, head),
    html: layOutReportMail({ said, tenantName, footer: footerHtml(head) }),
  };
}

/** Asks somebody whom the tenant named whether they want reports. */
export function renderConfirmMail({ confirmUrl, ...head }: ReportLetterhead & { readonly confirmUrl: string }): ReportLetter {
  const tenantName = cleanLine(head.tenantName, NAME_MAX);
  const ask = `You were named as a reader of the weekly report on how ${tenantName} grows: invites, sign-ups, rewards, each Monday morning by mail.`;
  const ignore = 'If you do not want it, do nothing: without your yes no report is sent.';
  const said = { heading: 'Do you want the weekly report?', ask, ignore };
  return {
    senderName: cleanLine(head.fromName, NAME_MAX),
    subject: `${tenantName}: do you want the weekly report?`,
    preheader: ignore,
    text: [said.heading, '', wrap(ask), '', 'Yes, send it to me:', confirmUrl, '', wrap(ignore), '', ...signature(head)].join('\n'),
    html: layOutReportMail({ question: { ...said, confirmUrl, button: 'Yes, send it to me' }, tenantName, footer: footerHtml({ ...head, unsubscribeUrl: null }) }),
  };
}

function reportText(said: SaidReport, tenantName: string, head: ReportLetterhead): string {
  return [
    `${tenantName}: ${said.title}`, said.period, '',
    ...said.headline.flatMap(({ name, value, detail }) => [`${name}: ${value}`, wrap(detail), '']),
    ...block('In all', said.totals),
    ...block('Amounts', said.amounts),
    ...said.loops.flatMap(({ title, rows }) => block(title, rows)),
    ...(said.referrers.length === 0 ? [] : ['Top referrers', ...said.referrers.map(({ externalId, result }) => `  ${cleanLine(externalId, 60)}: ${result}`), '']),
    ...said.notes.map(wrap), '', 'The PDF beside this mail has the charts.', '',
    `No more of these reports: ${head.unsubscribeUrl}`, '', ...signature(head), '',
  ].join('\n');
}

function block(title: string, rows: readonly SaidRow[]): string[] {
  if (rows.length === 0) return [];
  return [title, ...rows.map(({ name, now, before, change }) => `  ${name}: ${now} (week before: ${before}, ${change})`), ''];
}

function signature({ fromName, postalAddress }: Pick<ReportLetterhead, 'fromName' | 'postalAddress'>): string[] {
  return [cleanLine(fromName, NAME_MAX), ...cleanLines(postalAddress, 6, 120)];
}

function footerHtml(head: Omit<ReportLetterhead, 'unsubscribeUrl'> & { readonly unsubscribeUrl: string | null }): string {
  const stop = head.unsubscribeUrl === null ? '' : `<p style="margin:0 0 12px">You get this because you asked for it. <a href="${escapeHtml(head.unsubscribeUrl)}" style="color:#4b5563;text-decoration:underline">No more of these reports</a></p>\n`;
  return `${stop}<p style="margin:0">${signature(head).map(escapeHtml).join('<br>')}</p>`;
}
