import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { composeEmail } from '../../src/domain/message/compose.ts';
import { reportToken, type ReportAct } from '../../src/domain/report/report-token.ts';
import { renderConfirmMail, renderReportMail, type ReportLetter } from '../../src/domain/report/report-mail.ts';
import type { WeeklyReport } from '../../src/domain/report/report.ts';
import type { Attachment, OutgoingMessage } from '../../src/providers/transport.ts';
import { writeReportPdf } from '../../src/providers/pdf/write-report-pdf.ts';
import type { ReportSender } from '../../db/read/reports.ts';
import type { ClaimedReportMail } from '../../db/write/reports/claim-mail.ts';

/** Writes a report's PDF, or hands out the one it wrote last: a team's mails leave one after the other. */
export type PdfWriter = (report: WeeklyReport, sender: ReportSender, tenantId: TenantId) => Promise<Uint8Array>;

/** `report`: of the mail's week; null where it asks whether somebody wants reports. */
export type ReportMailParts = { readonly tenantId: TenantId; readonly sender: ReportSender; readonly report: WeeklyReport | null; readonly mail: ClaimedReportMail; readonly writePdf: PdfWriter };

/** Opens the sealed address and writes the mail, the PDF beside it. The same report gives the same mail, to the byte but for who gets it. */
export async function composeReportMail(keyring: Keyring, { tenantId, sender, report, mail, writePdf }: ReportMailParts): Promise<OutgoingMessage> {
  const linkTo = (act: ReportAct): string => new URL(`/reports/${reportToken(keyring, { tenantId, id: mail.recipientId, act })}`, sender.publicUrl).href;
  const head = { tenantName: sender.name, fromName: sender.fromName, postalAddress: sender.postalAddress, unsubscribeUrl: linkTo('unsubscribe') };
  const rendered: ReportLetter = report === null ? renderConfirmMail({ ...head, confirmUrl: linkTo('confirm') }) : renderReportMail(report, sender.unitTitles, head);
  const attachments: Attachment[] = report === null ? [] : [{
    fileName: `report-${report.week}.pdf`, mediaType: 'application/pdf', content: await writePdf(report, sender, tenantId),
  }];
  return {
    ...composeEmail({
      messageKey: `report.${mail.about}.${mail.recipientId.slice(4)}${report === null ? `.${String(mail.queuedAt)}` : ''}`,
      rendered,
      unsubscribeUrl: head.unsubscribeUrl,
      from: { address: sender.fromAddress },
      replyTo: sender.replyTo === null ? null : { address: sender.replyTo },
      to: { address: keyring.open(tenantId, mail.emailSealed) },
    }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

export function pdfWriter(): PdfWriter {
  let last: { readonly key: string; readonly pdf: Uint8Array } | null = null;
  return async (report, { name, unitTitles }, tenantId) => {
    const key = JSON.stringify([tenantId, report.week, report.madeAt, name, [...unitTitles]]);
    if (last?.key !== key) last = { key, pdf: await writeReportPdf(report, { tenantName: name, unitTitles }) };
    return last.pdf;
  };
}
