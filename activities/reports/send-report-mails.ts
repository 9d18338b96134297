import { Context } from '@temporalio/activity';
import { readReport, readReportSender, type ReportSender } from '../../db/read/reports.ts';
import { tenantsWithReportMails } from '../../db/read/reports-due.ts';
import { claimReportMail, recordReportMail, type ClaimedReportMail, type ReportMailRecord } from '../../db/write/reports/claim-mail.ts';
import { asId, type TenantId } from '../../src/domain/ids.ts';
import { retryAfterMs } from '../../src/domain/report/report-mail-state.ts';
import type { WeeklyReport } from '../../src/domain/report/report.ts';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { composeReportMail, pdfWriter, type PdfWriter } from './compose-report-mail.ts';
import type { ReportDeps } from './deps.ts';

/** A call gives its slot back after this long, or when the mail at hand is done. */
const TURN_MS = 20_000;
const TENANTS_A_TURN = 100;

/** How many were handed over. */
export type ReportMailsTurn = { sent: number };

/**
 * Sends the mails of reports that are due, of one tenant or (null) of whoever has some, one after another: each is claimed by itself with fresh checks, sent
 * outside any transaction, then recorded. A worker killed between leaves one claimed, which is never sent again. A tenant that fails is told in
 * the log and passed over.
 */
export async function sendReportMails(deps: ReportDeps, input: { tenantId: string | null }): Promise<ReportMailsTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const isOver = (): boolean => deps.draining.aborted || context.cancellationSignal.aborted || performance.now() > endsMs;
  const tenants = input.tenantId === null ? await tenantsWithReportMails(deps.db.sql, { now: deps.clock.now(), most: TENANTS_A_TURN }) : [asId('tnt', input.tenantId)];
  const writePdf = pdfWriter();
  let sent = 0;
  for (const tenantId of tenants) {
    try {
      for (let next = await sendNext(deps, tenantId, writePdf); next !== 'nothing'; next = await sendNext(deps, tenantId, writePdf)) {
        context.heartbeat();
        if (next === 'handed_off') sent += 1;
        if (isOver()) return { sent };
      }
    } catch (error) {
      deps.log.error({ tenantId, err: error }, 'mails of reports could not be sent; they are tried again within the minute');
    }
    if (isOver()) break;
  }
  return { sent };
}

async function sendNext(deps: ReportDeps, tenantId: TenantId, writePdf: PdfWriter): Promise<'nothing' | ReportMailRecord['state']> {
  const { db, clock, log } = deps;
  const claimed = await db.asTenant(tenantId, async (tx) => {
    const mail = await claimReportMail(tx, tenantId, clock.now());
    if (mail === null) return null;
    const sender = await readReportSender(tx, tenantId);
    const kept = mail.about === 'confirm' ? null : await readReport(tx, tenantId, mail.about);
    return { mail, sender, report: kept?.report ?? null };
  });
  if (claimed === null) return 'nothing';
  const message = await compose(deps, tenantId, { ...claimed, writePdf });
  const record: ReportMailRecord = message === null ? { state: 'refused', reason: 'internal_error' } : recordOf(await deps.transports.email.send(message), claimed.mail, clock.now());
  await db.asTenant(tenantId, (tx) => recordReportMail(tx, { tenantId, mail: claimed.mail, record, now: clock.now() }));
  if (record.state !== 'handed_off') log.warn({ tenantId, recipientId: claimed.mail.recipientId, about: claimed.mail.about, state: record.state, reason: record.reason }, 'a mail of a report was not handed off');
  return record.state;
}

/** Null where it cannot be written: no later try would do better. */
async function compose({ keyring, log }: ReportDeps, tenantId: TenantId, parts: { mail: ClaimedReportMail; sender: ReportSender; report: WeeklyReport | null; writePdf: PdfWriter }): Promise<OutgoingMessage | null> {
  try {
    if (parts.mail.about !== 'confirm' && parts.report === null) throw new Error('the report is gone');
    return await composeReportMail(keyring, { tenantId, ...parts });
  } catch (error) {
    log.error({ tenantId, recipientId: parts.mail.recipientId, about: parts.mail.about, err: error }, 'a mail of a report could not be written');
    return null;
  }
}

function recordOf(handOff: HandOff, { tries }: ClaimedReportMail, now: number): ReportMailRecord {
  switch (handOff.outcome) {
    case 'handed_off': return { state: 'handed_off', reason: null, providerMessageId: handOff.providerMessageId };
    case 'permanent': return { state: 'refused', reason: handOff.reason, suppress: handOff.suppress };
    case 'unknown': return { state: 'unknown', reason: handOff.reason };
    case 'retry': return { state: 'waiting', reason: handOff.reason, dueAt: now + Math.max(handOff.retryAfterMs, retryAfterMs(tries)) };
  }
}
