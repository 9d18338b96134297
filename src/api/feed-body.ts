import { z } from 'zod';
import { FEED_KINDS, FEED_LIMITS, FEED_MARKS } from '../domain/feed/feed-item.ts';
import { PUSH_REASONS } from '../domain/feed/judge-push.ts';
import { isId } from '../domain/ids.ts';
import { pageQuery } from './paging.ts';
import type { SaidItem } from './feed-words.ts';
import { idOut, instantIn, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { ownerFields } from './feed-owner.ts';

/* Feed items as they come in and go out. */

export const feedQuery = z.strictObject({ ...pageQuery, ...ownerFields });

const pushReasonOut = z.enum(PUSH_REASONS).nullable().meta({
  description: 'What it waits for, or why it does not leave: `hours` in which nothing may be sent, `daily_cap` (as many a day as a member may have), `opted_out`, `suppressed`, `unanswered` (as many left unread as you allow), `no_permitted_time`, `over` (a day late, or past its end). Null: nothing',
});
const at = (description: string) => instantOut.nullable().meta({ description });

export const feedItemOut = z.object({
  id: idOut('fee'),
  memberId: idOut('mbr'),
  kind: z.enum(FEED_KINDS).meta({ description: '`prompt` asks for something, `notification` tells of something' }),
  topic: z.string().meta({ description: 'What the member switches off to get no more such items' }),
  title: z.string(),
  body: z.string().meta({ description: 'Plain text: show it as text, never as HTML' }),
  callToAction: z.string().nullable(),
  deepLink: z.string().nullable().meta({ description: 'A path inside the app, or an https:// address' }),
  createdAt: instantOut,
  visibleFrom: instantOut,
  expiresAt: at('It leaves the feed then'),
  readAt: at('The first time'),
  clickedAt: at('The first time'),
  dismissedAt: at('It left the feed then'),
  withdrawnAt: at('It was taken back then'),
  push: z.object({
    at: at('When it leaves, or left; null: it does not'),
    requestedAt: at('When your webhooks were told to push it'),
    reason: pushReasonOut,
  }).nullable().meta({ description: 'Null: none was asked for' }),
}).meta({ id: 'FeedItem' });

export function feedItemBody({ words: { title, body, callToAction }, movedAt: _movedAt, pushAt, pushedAt, pushReason, ...item }: SaidItem): z.input<typeof feedItemOut> {
  return {
    ...item, title, body, callToAction,
    createdAt: iso(item.createdAt), visibleFrom: iso(item.visibleFrom), expiresAt: isoOrNull(item.expiresAt), readAt: isoOrNull(item.readAt),
    clickedAt: isoOrNull(item.clickedAt), dismissedAt: isoOrNull(item.dismissedAt), withdrawnAt: isoOrNull(item.withdrawnAt),
    push: pushAt === null && pushReason === null ? null : { at: isoOrNull(pushAt), requestedAt: isoOrNull(pushedAt), reason: pushReason },
  };
}

const TOPIC = /^[a-z][a-z0-9_]{0,39}$/;
const SAY_TOPIC = 'Give small letters, digits and underscores, a letter first, 40 at most';

export const feedRowIn = z.strictObject({
  title: textIn(FEED_LIMITS.title),
  body: textIn(FEED_LIMITS.body),
  callToAction: textIn(FEED_LIMITS.callToAction).optional(),
  key: textIn(FEED_LIMITS.key).meta({ description: 'What it tells of, in your own words: a member gets one item a key, however often you send it' }),
  externalId: z.string().max(200).meta({ description: 'Your own id of the user' }),
  kind: z.enum(FEED_KINDS).default('notification'),
  topic: z.string().regex(TOPIC, SAY_TOPIC).default('app_news'),
  deepLink: textIn(FEED_LIMITS.deepLink).optional().meta({ description: 'A path inside the app, such as /quotes/7, or an address on a host of your allowed destinations' }),
  visibleFrom: instantIn.optional().meta({ description: 'Left out: at once' }),
  expiresAt: instantIn.optional().meta({ description: 'Left out: it stays for 90 days' }),
  push: z.boolean().default(false).meta({ description: 'Have it pushed, too: your webhooks are told `push.requested` when messages may leave to the member, and as often a day as your limits say' }),
}).meta({ id: 'NewFeedItem' });

export const feedRowsIn = z.strictObject({ items: z.array(feedRowIn).min(1).max(100) })
  .meta({ examples: [{ items: [{ externalId: 'user-42', key: 'quote-7', title: 'A quote has come in', body: 'Rosa\'s Kites offers 120.00 EUR for your order.', callToAction: 'Look at it', deepLink: '/quotes/7', topic: 'quotes', push: true }] }] });

export const feedRowResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('queued'), id: idOut('fee'), pushAt: instantOut.nullable().meta({ description: 'When a push leaves; null: none does' }), pushReason: pushReasonOut }),
  z.object({ outcome: z.enum(['already', 'opted_out', 'unknown_member', 'over']).meta({ description: '`already`: the member has it. `opted_out`: the member switched the topic off. `over`: its end is past' }) }),
]);

const markIn = z.strictObject({
  id: z.string().max(40).meta({ description: '`fee_…`' }),
  as: z.enum(FEED_MARKS).meta({ description: '`clicked` counts as read, too; `dismissed` takes it out of the feed' }),
});
export const marksIn = z.strictObject({ marks: z.array(markIn).min(1).max(100), ...ownerFields })
  .meta({ examples: [{ marks: [{ id: 'fee_01kx7m3p9q2r4s5t6v7w8x9y0z', as: 'read' }] }] });
export const marksOut = z.object({
  results: z.array(z.object({ id: z.string(), outcome: z.enum(['marked', 'already', 'unknown']) })).meta({ description: 'In the order sent. `already`: the first time stays' }),
  unread: z.int().meta({ description: 'How many are unread now; counted up to 1,000' }),
});

/** What could be an id of an item; what could not, nobody has. */
export function readMarks(marks: z.output<typeof marksIn>['marks']) {
  return marks.flatMap(({ id, as }) => (isId('fee', id) ? [{ id, as }] : []));
}

const choiceOut = z.object({ topic: z.string(), channel: z.enum(['in_app', 'push']), on: z.boolean(), decidedAt: instantOut });
export const choicesOut = z.object({ choices: z.array(choiceOut) }).meta({ id: 'FeedChoices', description: 'What the member switched off, or on again. What is not listed is on' });
export const choicesIn = z.strictObject({
  choices: z.array(z.strictObject({
    topic: z.string().regex(/^(\*|[a-z][a-z0-9_]{0,39})$/, `${SAY_TOPIC}, or *`).meta({ description: 'A topic; `*`: all, also those that come later' }),
    channel: z.enum(['in_app', 'push']).meta({ description: '`in_app`: the feed, and pushes of it. `push`: the pushes alone' }),
    on: z.boolean(),
  })).min(1).max(50),
  ...ownerFields,
}).meta({ examples: [{ choices: [{ topic: 'invitations', channel: 'push', on: false }] }] });
