import { z } from 'zod';
import { findMessages } from '../../db/read/messages-by-provider-id.ts';
import type { MessageRef } from '../../db/read/messages-by-provider-id.ts';
import type { DeliveryFact } from '../../db/write/delivery-fact.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import { findReportMails, recordReportMailFacts } from '../../db/write/reports/record-mail-facts.ts';
import type { ReportMailFact } from '../../db/write/reports/record-mail-facts.ts';
import { inviteRef } from '../domain/ids.ts';
import { readReportMailKey } from '../domain/report/report-mail-key.ts';
import type { ReportMailRef } from '../domain/report/report-mail-key.ts';
import { FUTURE_ALLOWED_MS, LONG_AGO_AT } from './event-body.ts';
import { instantIn, textIn } from './fields.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const fields = {
  eventId: textIn(200).meta({ description: 'The provider\'s own id of the fact: recorded once, however often it is sent' }),
  at: instantIn,
  inviteId: z.string().max(60).optional(),
  step: z.int().min(0).max(20).default(0).meta({ description: 'Which message of the invite: 0 the invitation, then its reminders' }),
  messageId: z.string().max(400).optional().meta({ description: 'The provider\'s id of the message, or its Message-ID; instead of `inviteId` and `step`' }),
};

const deliveryEventIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delivered'), ...fields }),
  z.strictObject({ kind: z.literal('bounced'), ...fields, permanent: z.boolean().meta({ description: 'Permanent: the mailbox is suppressed and the invite ends' }) }),
  z.strictObject({ kind: z.literal('complained'), ...fields }),
]);
type DeliveryEventIn = z.output<typeof deliveryEventIn>;

const REFUSALS = ['message_required', 'unknown_message', 'occurred_in_future', 'occurred_too_long_ago'] as const;
type Refusal = (typeof REFUSALS)[number];

const result = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['recorded', 'duplicate']), eventId: z.string() }),
  z.object({ outcome: z.literal('refused'), eventId: z.string(), reason: z.enum(REFUSALS) }),
]);

const record = route({
  method: 'post',
  path: '/v1/delivery-events',
  tag: 'Delivery events',
  summary: 'Tell what became of messages, 1 to 1,000 facts',
  description: 'In the words of no provider: `delivered`, `bounced`, `complained`. In any order, repeated: each counts once by its `eventId`. Any of them proves that a message was handed over, which settles an `unknown` one. A permanent bounce ends the invite; it and a complaint suppress the mailbox. Mails of weekly reports are told of by their `messageId` alike; their recipients\' list says why nothing more goes there. One bad row spoils no other.',
  params: none,
  query: none,
  body: z.strictObject({ events: z.array(deliveryEventIn).min(1).max(1000) }).meta({
    examples: [{ events: [{ eventId: 'esp-77', kind: 'bounced', permanent: true, at: '2026-06-10T08:00:00Z', inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00', step: 0 }] }],
  }),
  keyed: true,
  costs: { flow: 'rows', units: ({ events }) => events.length },
  answers: { 200: z.object({ results: z.array(result) }).meta({ description: 'What became of each fact, in the order sent' }) },
  problems: [],
  async handle({ tx, tenantId, keyId, now, body }) {
    const messageIds = body.events.flatMap(({ messageId }) => (messageId === undefined ? [] : [bareId(messageId)]));
    const known: Known = { messages: await findMessages(tx, tenantId, messageIds), reportMails: await findReportMails(tx, tenantId, messageIds) };
    const rows = body.events.map((event) => ({ event, read: readFact(event, known, now) }));
    const facts = rows.flatMap(({ read }) => (typeof read !== 'string' && 'message' in read ? [read] : []));
    const reportFacts = rows.flatMap(({ read }) => (typeof read !== 'string' && 'mail' in read ? [read] : []));
    const outcomes = (await recordDeliveryEvents(tx, { tenantId, facts, actor: keyId, now }))[Symbol.iterator]();
    const reportOutcomes = (await recordReportMailFacts(tx, { tenantId, facts: reportFacts, actor: keyId, now }))[Symbol.iterator]();
    const results = rows.map(({ event: { eventId }, read }): z.input<typeof result> => {
      if (typeof read === 'string') return { outcome: 'refused', eventId, reason: read };
      const next = 'mail' in read ? reportOutcomes.next() : outcomes.next();
      if (next.done === true) throw new Error('a delivery event has no outcome');
      return next.value === 'unknown_message' ? { outcome: 'refused', eventId, reason: next.value } : { outcome: next.value, eventId };
    });
    return { status: 200, body: { results } };
  },
});

/** Mails by the ids that vendors gave them. */
type Known = { readonly messages: ReadonlyMap<string, MessageRef>; readonly reportMails: ReadonlyMap<string, ReportMailRef> };

function readFact(event: DeliveryEventIn, { messages, reportMails }: Known, now: number): DeliveryFact | ReportMailFact | Refusal {
  if (event.inviteId === undefined && event.messageId === undefined) return 'message_required';
  if (event.at > now + FUTURE_ALLOWED_MS) return 'occurred_in_future';
  if (event.at < LONG_AGO_AT) return 'occurred_too_long_ago';
  const fact = { eventId: event.eventId, kind: event.kind, at: event.at, permanent: event.kind === 'bounced' && event.permanent };
  const message = messageOf(event, messages);
  if (message !== null) return { ...fact, message };
  const bare = bareId(event.messageId ?? '');
  const mail = event.inviteId === undefined ? reportMails.get(bare) ?? readReportMailKey(bare) : null;
  return mail === null ? 'unknown_message' : { ...fact, mail };
}

function messageOf({ inviteId, step, messageId }: DeliveryEventIn, byProviderId: ReadonlyMap<string, MessageRef>): MessageRef | null {
  if (inviteId !== undefined) {
    const ref = inviteRef(inviteId);
    return ref === null ? null : { ...ref, step, channel: 'email' };
  }
  const bare = bareId(messageId ?? '');
  return byProviderId.get(bare) ?? ownMessage(bare);
}

/** Our own Message-IDs say which message they name, also before its record is in. */
function ownMessage(bare: string): MessageRef | null {
  const [, invite = '', step = ''] = /^([^.@]+)\.(\d{1,2})@/.exec(bare) ?? [];
  const ref = inviteRef(invite);
  return ref === null || Number(step) > 20 ? null : { ...ref, step: Number(step), channel: 'email' };
}

function bareId(messageId: string): string {
  return messageId.trim().replaceAll(/^<|>$/g, '');
}

export const deliveryEventRoutes: readonly Route[] = [record];
