import { z } from 'zod';
import { listEvents } from '../../db/read/events.ts';
import type { EventPlace } from '../../db/read/events.ts';
import { storeEvents } from '../../db/write/store-events.ts';
import type { EventFact, StoredEvent } from '../../db/write/store-events.ts';
import { readCode } from '../domain/link/code.ts';
import { EVENT_REFUSALS, eventBody, eventIn, eventOut, readEvent } from './event-body.ts';
import type { EventIn } from './event-body.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { sharedRoute } from './group-routes.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Events';
const LIST = 'events';
/** Requests with more facts have a transaction of their own. */
const MOST_SHARED = 20;

const result = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('stored'),
    eventId: z.string(),
    unmatched: z.array(z.enum(['clickId', 'code', 'guestToken'])).meta({ description: 'What was given and leads to no link of yours, or to no guest, or to one who has signed up as somebody else; the fact is stored without it' }),
  }),
  z.object({ outcome: z.literal('duplicate'), eventId: z.string() }),
  z.object({ outcome: z.literal('refused'), eventId: z.string(), reason: z.enum(EVENT_REFUSALS), detail: z.string().optional().meta({ description: 'What is wrong with which field' }) }),
]);

const store = sharedRoute({
  method: 'post',
  path: '/v1/events',
  tag,
  summary: 'Tell what happened, 1 to 1,000 facts',
  description: 'In any order, repeated, days late: each fact is stored once by its `eventId`. `signed_up` closes the open invites to the member\'s mailbox, and the invite whose `clickId` or `code` it brings. `link_viewed` counts a view of a link, one an hour of the same member. `clickout` and `link_viewed` need a `code`. `signed_up` also decides who is credited for it, `converted` is a payment, of which `refunded`, `refund_failed` and `dispute_*` tell more, in any order: a payment counts once by its names. One bad row spoils no other.',
  body: z.strictObject({ events: z.array(eventIn).min(1).max(1000) }).meta({
    examples: [{ events: [{ eventId: 'evt-1', type: 'signed_up', occurredAt: '2026-06-10T08:00:00Z', externalId: 'user-2', clickId: 'tch_01kx7m3p9q2r4s5t6v7w8x9y0z' }, { eventId: 'evt-2', type: 'converted', externalId: 'user-2', orderId: 'order-7', amountMinor: 4900, currency: 'EUR' }] }],
  }),
  costs: { flow: 'rows', units: ({ events }) => events.length },
  answers: { 200: z.object({ results: z.array(result) }).meta({ description: 'What became of each fact, in the order sent' }) },
  problems: [],
  isSmall: ({ events }) => events.length <= MOST_SHARED,
  async handleAll({ tx, tenantId, now, services }, asked) {
    const read = asked.map(({ body }) => body.events.map((event) => ({ event, read: readEvent(event, now) })));
    const facts = read.flat().flatMap(({ read: it }): EventFact[] => (it.outcome === 'fact' ? [it.fact] : []));
    const stored = await storeEvents(tx, services.keyring, { tenantId, facts, now });
    // Of two facts under one id the first alone is judged. Was that another request's, and no good, the second is due its own judgement.
    if (asked.length > 1 && hasRefusedTwins(facts, stored)) throw new Error('requests of a group tell different facts under one id');
    const outcomes = stored[Symbol.iterator]();
    return read.map((rows) => ({ status: 200 as const, body: { results: rows.map((row) => resultOf(row, outcomes)) } }));
  },
});

function hasRefusedTwins(facts: readonly EventFact[], stored: readonly StoredEvent[]): boolean {
  const refused = facts.flatMap(({ eventId }, i) => (stored[i]?.outcome === 'refused' ? [eventId] : []));
  return new Set(refused).size < refused.length;
}

type Row = { readonly event: EventIn; readonly read: ReturnType<typeof readEvent> };

/** Of what was refused as it was read; else the next of what became of the facts. */
function resultOf({ event, read }: Row, outcomes: Iterator<StoredEvent>): z.input<typeof result> {
  if (read.outcome === 'refused') return { ...read, eventId: event.eventId };
  const next = outcomes.next();
  if (next.done === true) throw new Error('an event has no outcome');
  return storedResult(event, next.value);
}

function storedResult({ eventId, clickId, code, guestToken }: EventIn, stored: StoredEvent): z.input<typeof result> {
  switch (stored.outcome) {
    case 'unknown_code': return { outcome: 'refused', eventId, reason: 'unknown_code' };
    case 'refused': return { ...stored, eventId };
    case 'duplicate': return { outcome: 'duplicate', eventId };
    case 'stored': return {
      outcome: 'stored',
      eventId,
      unmatched: [...(clickId !== undefined && !stored.matched.click ? ['clickId' as const] : []), ...(code !== undefined && !stored.matched.code ? ['code' as const] : []),
        ...(guestToken !== undefined && !stored.matched.guest ? ['guestToken' as const] : [])],
    };
  }
}

const list = route({
  method: 'get',
  path: '/v1/events',
  tag,
  summary: 'List facts, as they came in, newest first',
  description: 'All of them, or those of one type, one member, one link.',
  params: none,
  query: z.strictObject({ ...pageQuery, type: z.string().max(64).optional(), externalId: z.string().max(200).optional(), code: z.string().max(40).optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(eventOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, type, externalId, code } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    const filter = { type, externalId, code: code === undefined ? undefined : readCode(code) ?? code };
    const rows = await listEvents(tx, tenantId, { after: after === undefined ? null : placeOf(after), limit: limit + 1, filter });
    return { status: 200, body: makePage(LIST, rows, limit, { item: eventBody, after: (event) => [String(event.receivedAt), event.eventId] }) };
  },
});

function placeOf([receivedAt = '', eventId = '', ...more]: readonly string[]): EventPlace | null {
  return /^\d{1,14}$/.test(receivedAt) && eventId !== '' && more.length === 0 ? { receivedAt: Number(receivedAt), eventId } : null;
}

export const eventRoutes: readonly Route[] = [store, list];
