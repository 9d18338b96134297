import type { MessageRef } from '../read/messages-by-provider-id.ts';
import type { Decision } from './decide.ts';
import type { MessageState } from './message-states.ts';

export const DELIVERY_KINDS = ['delivered', 'bounced', 'complained'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** What a vendor says became of one message. `at` in epoch ms. */
export type DeliveryFact = { eventId: string; kind: DeliveryKind; message: MessageRef; at: number; permanent: boolean };

/** A fact that is told for the first time, with the message as it was before. */
export type NewFact = DeliveryFact & { state: MessageState };

/** A decision about the invite of a fact. */
export function aboutInvite({ message, eventId, kind, at }: NewFact, decision: Pick<Decision, 'tenantId' | 'kind' | 'rule' | 'actor' | 'now'>): Decision {
  return { ...decision, subjectId: message.batchId, ns: [message.n], inputs: { step: message.step, eventId, event: kind, at: new Date(at).toISOString() } };
}
