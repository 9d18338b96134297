import type { MessageRef } from '../read/messages-by-provider-id.ts';
import type { Decision } from './decide.ts';
import type { MessageState } from './message-states.ts';

export const DELIVERY_KINDS = ['handed_off', 'delivered', 'bounced', 'complained'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** What a vendor says became of one message. `at` in epoch ms. `handed_off` is news of an unknown message only: the vendor has it. */
export type DeliveryFact = { eventId: string; kind: DeliveryKind; message: MessageRef; at: number; permanent: boolean; of?: VendorMessage; failure?: Failure };

/** Which try the fact is about, and the vendor's id of what it made of it: a fact about another one says nothing of this message. */
export type VendorMessage = { attemptId: number; providerMessageId: string };

/** Why it was not delivered: our reason, the vendor's code as a receipt keeps it, and what the address is suppressed for where that is for good. */
export type Failure = { reason: string; detail: string; suppressFor: 'hard_bounce' | 'sms_stop' };

/** A fact that is told for the first time, with the message as it was before. */
export type NewFact = DeliveryFact & { state: MessageState };

/** A decision about the invite of a fact. */
export function aboutInvite({ message, eventId, kind, at }: NewFact, decision: Pick<Decision, 'tenantId' | 'kind' | 'rule' | 'actor' | 'now'>): Decision {
  return { ...decision, subjectId: message.batchId, ns: [message.n], inputs: { step: message.step, ...(message.channel === 'email' ? {} : { channel: message.channel }), eventId, event: kind, at: new Date(at).toISOString() } };
}
