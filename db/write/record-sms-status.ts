import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { DeliveryFact } from './delivery-fact.ts';
import { recordDeliveryEvents } from './record-delivery-events.ts';
import type { DeliveryOutcome } from './record-delivery-events.ts';

/** What the vendor says of an SMS, in our words. `detail`: its own code. `suppress`: the number itself will not do. */
export type SmsReport =
  | { kind: 'on_its_way' | 'delivered' }
  | { kind: 'not_delivered'; reason: string; detail: string; suppress: boolean };

export type SmsStatus = {
  tenantId: TenantId;
  /** The try that the vendor was called in. */
  attempt: InviteRef & { step: number; attemptId: number };
  providerMessageId: string;
  report: SmsReport;
  actor: string;
  now: number;
};

/**
 * Records what became of an SMS, told by a callback or found in the vendor's list; in any order, each report once. Any of
 * them settles an `unknown` hand-off. A number that will not do is suppressed and the invite ends, or goes on by another
 * channel; `opted_out` is the recipient's own word and weighs as much as STOP.
 */
export async function recordSmsStatus(tx: Tx, { tenantId, attempt, providerMessageId, report, actor, now }: SmsStatus): Promise<DeliveryOutcome> {
  const { attemptId, ...message } = attempt;
  const told = { message: { ...message, channel: 'sms' as const }, at: now, of: { attemptId, providerMessageId } };
  const [outcome] = await recordDeliveryEvents(tx, { tenantId, facts: [{ ...told, ...factOf(report, providerMessageId) }], actor, now });
  return outcome ?? 'unknown_message';
}

function factOf(report: SmsReport, providerMessageId: string): Pick<DeliveryFact, 'eventId' | 'kind' | 'permanent' | 'failure'> {
  const eventId = `twilio ${providerMessageId} ${report.kind}`;
  switch (report.kind) {
    case 'on_its_way': return { eventId, kind: 'handed_off', permanent: false };
    case 'delivered': return { eventId, kind: 'delivered', permanent: false };
    case 'not_delivered': {
      const { reason, detail, suppress } = report;
      return { eventId, kind: 'bounced', permanent: suppress, failure: { reason, detail, suppressFor: reason === 'opted_out' ? 'sms_stop' : 'hard_bounce' } };
    }
  }
}
