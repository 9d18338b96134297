import { z } from 'zod';
import { countUnread, listFeed, readFeedItem } from '../../db/read/feed.ts';
import type { FeedItemView, FeedPlace } from '../../db/read/feed.ts';
import { withdrawFeedItems } from '../../db/write/feed/withdraw-feed-items.ts';
import { isShown } from '../domain/feed/feed-item.ts';
import { isId } from '../domain/ids.ts';
import { feedItemBody, feedItemOut, feedQuery } from './feed-body.ts';
import { feedOwner, ownerFields } from './feed-owner.ts';
import { feedStream } from './feed-stream.ts';
import { sayItems } from './feed-words.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'In-app feed';
const LIST = 'feed';

const list = route({
  method: 'get',
  path: '/v1/feed',
  tag,
  summary: 'Read a member\'s feed, newest first',
  description: 'What is to be shown to the member now: prompts and notifications, without what was dismissed, taken back or is over; and how many are unread. By a member\'s token: the own feed.',
  params: none,
  query: feedQuery,
  body: none,
  keyed: false,
  browser: true,
  answers: { 200: pageOf(feedItemOut).extend({ unread: z.int().meta({ description: 'How many the member has not read; counted up to 1,000' }) }) },
  problems: ['not_found', 'invalid_request', 'invalid_cursor'],
  async handle(call) {
    const { limit, cursor, ...named } = call.query;
    const after = readCursor(LIST, cursor, isPlace);
    if (after === null) return problem('invalid_cursor');
    const owner = await feedOwner(call, named);
    if (owner.kind === 'problem') return owner;
    const asked = { tenantId: call.tenantId, memberId: owner.memberId, now: call.now };
    const rows = await listFeed(call.tx, { ...asked, after: placeOf(after), limit: limit + 1 });
    const said = await sayItems(call, owner.memberId, rows);
    const page = makePage(LIST, rows, limit, { item: (row) => row, after: (row: FeedItemView) => [String(row.visibleFrom), row.id] });
    const shown = new Set(page.data.map(({ id }) => id));
    return { status: 200, body: { ...page, data: said.filter(({ id }) => shown.has(id)).map(feedItemBody), unread: await countUnread(call.tx, asked) } };
  },
});

function isPlace([at = '', id = '', ...more]: readonly string[]): boolean {
  return /^\d{1,15}$/.test(at) && isId('fee', id) && more.length === 0;
}

function placeOf(after: readonly string[] | undefined): FeedPlace | null {
  return after === undefined ? null : { visibleFrom: Number(after[0]), id: after[1] ?? '' };
}

const get = route({
  method: 'get',
  path: '/v1/feed/{id}',
  tag,
  summary: 'Read one item',
  description: 'How it stands: when it was pushed, read, clicked, dismissed or taken back. By a member\'s token: one of the own feed, as long as it is shown.',
  params: z.strictObject({ id: idIn('fee') }),
  query: none,
  body: none,
  keyed: false,
  browser: true,
  answers: { 200: feedItemOut },
  problems: ['not_found'],
  async handle(call) {
    const item = await readFeedItem(call.tx, call.tenantId, call.params.id);
    if (item === null || (call.asMember !== null && (item.memberId !== call.asMember || !isShown(item, call.now)))) return problem('not_found');
    const [said] = await sayItems(call, item.memberId, [item]);
    return said === undefined ? problem('not_found') : { status: 200, body: feedItemBody(said) };
  },
});

const stream = route({
  method: 'get',
  path: '/v1/feed/stream',
  tag,
  summary: 'Follow a member\'s feed as it changes',
  description: 'Server-sent events. `feed`: `{"whole", "items", "removed", "unread"}`: the first has the 20 newest items and `whole: true`, which stands for all you hold; later ones bring what came or changed, to be put in place by its id, and the ids of what left. '
    + 'At most ten a second; what happens faster comes together. `end`: `{"reason"}` is `expired`, `draining` or `not_allowed`; come again with `Last-Event-ID`, after `expired` with a fresh token. A comment every 15 seconds keeps the line open. '
    + 'A browser reads it with `fetch`, as `EventSource` sends no headers and a token has no place in an address.',
  params: none,
  query: z.strictObject(ownerFields),
  body: none,
  keyed: false,
  browser: true,
  streams: true,
  answers: { 200: z.object({ id: z.string().optional(), event: z.enum(['feed', 'end']), data: z.string() }).meta({ description: 'One event of many, until either side ends it; after an hour at the latest we do. `data` is JSON' }) },
  problems: ['not_found', 'invalid_request', 'too_many_streams'],
  async handle(call) {
    const owner = await feedOwner(call, call.query);
    if (owner.kind === 'problem') return owner;
    return { status: 200, body: feedStream(call, owner.memberId) };
  },
});

const withdraw = route({
  method: 'delete',
  path: '/v1/feed/{id}',
  tag,
  summary: 'Take an item back',
  description: 'It leaves the feed, and a push that has not left stays. Repeating it changes nothing.',
  params: z.strictObject({ id: idIn('fee') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'It is not shown any more' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params: { id } }) {
    if ((await readFeedItem(tx, tenantId, id)) === null) return problem('not_found');
    await withdrawFeedItems(tx, { tenantId, which: { id }, now });
    return { status: 204, body: undefined };
  },
});

export const feedRoutes: readonly Route[] = [list, stream, get, withdraw];
