import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { composeEmail } from '../../src/domain/message/compose.ts';
import { reportMailKey } from '../../src/domain/report/report-mail-key.ts';
import { reportToken, type ReportAct } from '../../src/domain/report/report-token.ts';
import { renderConfirmMail, renderReportMail, type ReportLetter } from '../../src/domain/report/report-mail.ts';
import type { WeeklyReport } from '../../src/domain/report/report.ts';
import type { Attachment, OutgoingMessage } from '../../src/providers/transport.ts';
import { reportLanguage, type ReportLanguage } from '../../src/domain/report/words/report-language.ts';
import { writeReportPdf } from '../../src/providers/pdf/write-report-pdf.ts';
import type { ReportSender } from '../../db/read/reports.ts';
import type { ClaimedReportMail } from '../../db/write/reports/claim-mail.ts';

/** Writes a report's PDF, or hands out the one it wrote last in that language: a team's mails leave one after the other. */
export type PdfWriter = (report: WeeklyReport, sender: ReportSender, of: { tenantId: TenantId; language: ReportLanguage }) => Promise<Uint8Array>;

/** `report`: of the mail's week; null where it asks whether somebody wants reports. */
export type ReportMailParts = { readonly tenantId: TenantId; readonly sender: ReportSender; readonly report: WeeklyReport | null; readonly mail: ClaimedReportMail; readonly writePdf: PdfWriter };

/** Opens the sealed address and writes the mail, the PDF beside it. The same report gives the same mail, to the byte but for who gets it. */
export async function composeReportMail(keyring: Keyring, { tenantId, sender, report, mail, writePdf }: ReportMailParts): Promise<OutgoingMessage> {
  const linkTo = (act: ReportAct): string => new URL(`/reports/${reportToken(keyring, { tenantId, id: mail.recipientId, act })}`, sender.publicUrl).href;
  const language = reportLanguage(mail.locale);
  const head = { language, tenantName: sender.name, fromName: sender.fromName, postalAddress: sender.postalAddress, unsubscribeUrl: linkTo('unsubscribe') };
  const rendered: ReportLetter = report === null ? renderConfirmMail({ ...head, confirmUrl: linkTo('confirm') }) : renderReportMail(report, sender.unitTitles, head);
  const attachments: Attachment[] = report === null ? [] : [{
    fileName: `report-${report.week}.pdf`, mediaType: 'application/pdf', content: await writePdf(report, sender, { tenantId, language }),
  }];
  return {
    ...composeEmail({
      messageKey: reportMailKey(mail, mail.queuedAt),
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
  const last = new Map<ReportLanguage, { readonly key: string; readonly pdf: Uint8Array }>();
  return async (report, { name, unitTitles }, { tenantId, language }) => {
    const key = JSON.stringify([tenantId, report.week, report.madeAt, name, [...unitTitles]]);
    const known = last.get(language);
    if (known?.key === key) return known.pdf;
    const pdf = await writeReportPdf(report, { language, tenantName: name, unitTitles });
    last.set(language, { key, pdf });
    return pdf;
  };
}
