import { z } from 'zod';
import { ABOUT_A_LINK } from '../../db/write/store-events.ts';
import type { EventFact } from '../../db/write/store-events.ts';
import type { EventView } from '../../db/read/events.ts';
import { DETAIL_REFUSALS, readEventDetail } from '../domain/event/read-event-detail.ts';
import { isId } from '../domain/ids.ts';
import { readCode } from '../domain/link/code.ts';
import { idOut, instantIn, instantOut, iso, scalarsIn, textIn } from './fields.ts';
import { isExternalId } from './member-change.ts';

/** How far an app's clock may run ahead of ours. */
export const FUTURE_ALLOWED_MS = 5 * 60_000;
/** Before that, an app's clock is wrong, or its unit is. */
export const LONG_AGO_AT = Date.parse('2000-01-01T00:00:00Z');
const LONGEST_TEXT = 200;
const TYPE = /^[a-z][a-z0-9_]{1,63}$/;
/** Known only when the payment is. */
const PAYMENT_REFUSALS = ['mixed_currencies', 'refund_above_payment'] as const;
const ABOUT_A_MEMBER: ReadonlySet<string> = new Set(['signed_up', 'first_value', 'plan_upgraded', 'converted']);

export const EVENT_REFUSALS = ['invalid_type', 'member_required', 'invalid_external_id', 'code_required', 'unknown_code', 'occurred_in_future', 'occurred_too_long_ago', ...DETAIL_REFUSALS, ...PAYMENT_REFUSALS] as const;
export type EventRefusal = (typeof EVENT_REFUSALS)[number];

const PAYMENT_NAMES = 10;
const amount = (what: string) => z.number().optional().meta({ description: `${what}, in minor units (cents) of \`currency\`: a whole number` });

/** What facts about referrals and payments say beyond their properties; which of it a type takes is judged row by row. */
const detailIn = {
  orderId: textIn(LONGEST_TEXT).optional().meta({ description: '`converted`, `refunded`, `refund_failed`, `dispute_*`: your own id of the payment' }),
  paymentNames: z.array(textIn(LONGEST_TEXT)).max(PAYMENT_NAMES).optional().meta({ description: 'Further ids of the same payment (payment intent, invoice): names that come together are one payment, whoever reports it' }),
  amountMinor: amount('`converted`: what was paid; `dispute_*`: how much of it is disputed, all when left out'),
  refundedMinor: amount('`refunded`: all that was given back of the payment so far, not each refund; the whole payment when left out'),
  failedMinor: amount('`refund_failed`: how much of what you told as given back was not; where you tell a smaller `refunded` instead, that is enough'),
  refundId: textIn(LONGEST_TEXT).optional().meta({ description: '`refund_failed`: which refund; it counts once, however often it is told' }),
  currency: z.string().max(LONGEST_TEXT).optional().meta({ description: 'ISO 4217, as in `EUR`' }),
  product: textIn(LONGEST_TEXT).optional().meta({ description: '`converted`: what was bought, in your own words' }),
  country: z.string().max(LONGEST_TEXT).optional().meta({ description: '`signed_up`, `converted`: ISO 3166, as in `FR`' }),
  paymentFingerprint: textIn(LONGEST_TEXT).optional().meta({ description: '`converted`: names the means of payment, such as a card\'s fingerprint; kept as a keyed hash only' }),
  disputeId: textIn(LONGEST_TEXT).optional().meta({ description: '`dispute_*`: which dispute' }),
  plan: textIn(LONGEST_TEXT).optional().meta({ description: '`plan_upgraded`: the plan it is now' }),
  guestToken: textIn(LONGEST_TEXT).optional().meta({ description: '`signed_up`: ties a guest\'s play to the member' }),
};

export const eventIn = z.strictObject({
  eventId: textIn(LONGEST_TEXT).meta({ description: 'Your own id of the fact: stored once, however often it is sent' }),
  type: z.string().max(LONGEST_TEXT).meta({ description: '`signed_up`, `first_value`, `plan_upgraded`, `converted`, `refunded`, `refund_failed`, `dispute_opened`, `dispute_won`, `dispute_lost`, `clickout`, `link_viewed`, or a name of your own: a small letter, then up to 63 small letters, digits and _' }),
  occurredAt: instantIn.optional().meta({ description: 'When it happened; may be days ago, and at most 5 minutes ahead. Left out: now' }),
  externalId: z.string().max(LONGEST_TEXT).optional().meta({ description: 'Your own id of the member; made here when we have not heard of it' }),
  clickId: z.string().max(LONGEST_TEXT).optional().meta({ description: 'What the link appended to its destination' }),
  code: z.string().max(LONGEST_TEXT).optional().meta({ description: 'The code of the link; of a sign-up: one that the person typed' }),
  ...detailIn,
  properties: scalarsIn(50).optional(),
}).meta({ id: 'Event' });

export type EventIn = z.output<typeof eventIn>;
export type ReadEvent = { outcome: 'fact'; fact: EventFact } | { outcome: 'refused'; reason: EventRefusal; detail?: string };

/** Judges one event by rule. A click or code that cannot be one counts as unknown: it may come from an address that anybody can edit. */
export function readEvent(event: EventIn, now: number): ReadEvent {
  const occurredAt = event.occurredAt ?? now;
  const code = event.code === undefined ? null : readCode(event.code);
  if (!TYPE.test(event.type)) return { outcome: 'refused', reason: 'invalid_type' };
  if (ABOUT_A_MEMBER.has(event.type) && event.externalId === undefined) return { outcome: 'refused', reason: 'member_required' };
  if (event.externalId !== undefined && !isExternalId(event.externalId)) return { outcome: 'refused', reason: 'invalid_external_id' };
  if (ABOUT_A_LINK.has(event.type) && event.code === undefined) return { outcome: 'refused', reason: 'code_required' };
  if (occurredAt > now + FUTURE_ALLOWED_MS) return { outcome: 'refused', reason: 'occurred_in_future' };
  if (occurredAt < LONG_AGO_AT) return { outcome: 'refused', reason: 'occurred_too_long_ago' };
  const told = readEventDetail(event.type, event);
  if (told.outcome === 'refused') return told;
  return {
    outcome: 'fact',
    fact: {
      eventId: event.eventId,
      type: event.type,
      occurredAt,
      externalId: event.externalId ?? null,
      clickId: event.clickId !== undefined && isId('tch', event.clickId) ? event.clickId : null,
      code,
      properties: event.properties ?? {},
      detail: told.detail,
    },
  };
}

const detailOut = z.object({
  paymentNames: z.array(z.string()).optional(),
  amountMinor: z.number().optional(),
  refundedMinor: z.number().optional(),
  refundedBeforeMinor: z.number().optional(),
  failedMinor: z.number().optional(),
  refundId: z.string().optional(),
  currency: z.string().optional(),
  product: z.string().optional(),
  country: z.string().optional(),
  disputeId: z.string().optional(),
  plan: z.string().optional(),
  guestToken: z.string().optional(),
});

export const eventOut = z.object({
  eventId: z.string(),
  type: z.string(),
  memberId: idOut('mbr').nullable(),
  externalId: z.string().nullable(),
  clickId: idOut('tch').nullable(),
  code: z.string().nullable(),
  referrerId: idOut('mbr').nullable().meta({ description: 'The member whose link it was' }),
  properties: scalarsIn(50),
  occurredAt: instantOut,
  receivedAt: instantOut,
  detail: detailOut.nullable().meta({ description: 'What it said beyond its properties; a payment\'s fingerprint is not kept' }),
}).meta({ id: 'StoredEvent' });

export function eventBody({ occurredAt, receivedAt, ...event }: EventView) {
  return { ...event, occurredAt: iso(occurredAt), receivedAt: iso(receivedAt) };
}
