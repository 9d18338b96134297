import type { Request, Response } from 'express';
import { recordSmsStatus } from '../../../db/write/record-sms-status.ts';
import type { SmsReport } from '../../../db/write/record-sms-status.ts';
import { readAttemptToken } from '../../domain/link/attempt-token.ts';
import { readStatusCallback, reportOf } from '../../providers/sms/twilio-events.ts';
import { askDatabase } from '../ask-database.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { readSigned } from './read-signed.ts';
import type { TwilioSettings } from './read-signed.ts';

const WITHIN_MS = 5_000;
const ACTOR = 'twilio';

/**
 * One status callback: what became of the attempt that its path names. Statuses come in any order, late and twice; each
 * says something once. Null: taken (also what is no news, or is about nothing we keep).
 */
export async function takeStatus(services: Services, settings: TwilioSettings, request: Request, response: Response): Promise<Problem | null> {
  const signed = await readSigned(services, settings, request, response);
  if (signed.kind === 'problem') return signed;
  const attempt = readAttemptToken(services.keyring, String(request.params['token']));
  if (attempt === null) return problem('not_found');
  const read = readStatusCallback(signed.form);
  if (read.outcome === 'invalid') return problem('invalid_request', { detail: `The status callback is not one: ${read.why}.` });
  if (read.outcome === 'other') return null;
  if (read.event.accountSid !== settings.accountSid) return problem('signature_invalid');
  const { tenantId, batchId, n, step, attemptId } = attempt;
  const report = reportOf(read.event);
  if (report === null) return null;
  const outcome = await askDatabase(services, WITHIN_MS, () => services.db.asTenant(tenantId, (tx) => recordSmsStatus(tx, {
    tenantId, attempt: { batchId, n, step, attemptId }, providerMessageId: read.event.providerMessageId, report, actor: ACTOR, now: services.clock.now(),
  })));
  if (outcome !== 'recorded') return null;
  services.afterCommit?.(tenantId);
  alertOperator(services, report, { tenantId, batchId, n, step });
  return null;
}

/** What comes after the hand-off and is an operator's to mend: nobody else hears of it. */
const ALERTS: Readonly<Record<string, string>> = {
  filtered: 'an SMS was taken for spam by Twilio or a carrier, and others will be; look at the words, the links and the registration of the number',
  sender_refused: 'an SMS was refused for what it came from; look at the registration of the number at Twilio',
  sms_account_refused: 'an SMS was refused for the state of the account; look at it at Twilio',
};

const SAID_EVERY_MS = 60_000;
const saidAtMs = new WeakMap<Services, Map<string, number>>();

/** Each kind once a minute: there may be thousands of them. */
function alertOperator(services: Services, report: SmsReport, ids: object): void {
  if (report.kind !== 'not_delivered') return;
  const { reason, detail } = report;
  const alert = ALERTS[reason];
  const said = saidAtMs.get(services) ?? new Map<string, number>();
  saidAtMs.set(services, said);
  if (alert === undefined || performance.now() - (said.get(reason) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
  said.set(reason, performance.now());
  services.log.error({ ...ids, reason, detail }, alert);
}
