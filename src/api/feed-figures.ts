import { z } from 'zod';
import { feedFigures } from '../../db/read/feed-figures.ts';
import { FEED_KINDS } from '../domain/feed/feed-item.ts';
import { instantIn, instantOut, iso } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MOST_DAYS = 31;
const MOST_ROWS = 200;

const count = (description: string) => z.int().meta({ description });

const figures = route({
  method: 'get',
  path: '/v1/feed/figures',
  tag: 'In-app feed',
  summary: 'Count what became of items and pushes',
  description: `By topic and kind, of the items made in a span of at most ${String(MOST_DAYS)} days; without one, of the last ${String(DEFAULT_DAYS)} days. Each item counts once, as read and as clicked by the first time.`,
  params: none,
  query: z.strictObject({ from: instantIn.optional(), until: instantIn.optional() }),
  body: none,
  keyed: false,
  costs: { flow: 'previews' },
  answers: {
    200: z.object({
      from: instantOut, until: instantOut,
      data: z.array(z.object({
        topic: z.string(), kind: z.enum(FEED_KINDS),
        items: z.int(), read: z.int(), clicked: z.int(), dismissed: z.int(),
        pushed: count('Your webhooks were told to push them'),
        pushedRead: count('Read after they were pushed'),
        pushedClicked: count('Clicked after they were pushed'),
        pushesHeldBack: count('A push was asked for and did not leave: `push.reason` of each item says why'),
      })).meta({ description: `The largest first, ${String(MOST_ROWS)} at most` }),
    }).meta({ id: 'FeedFigures' }),
  },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, query }) {
    const until = query.until ?? now;
    const from = query.from ?? until - DEFAULT_DAYS * DAY_MS;
    if (from >= until || until - from > MOST_DAYS * DAY_MS) return problem('invalid_request', { errors: [{ path: '?from', message: `Give a span that ends after it begins and is no longer than ${String(MOST_DAYS)} days` }] });
    return { status: 200, body: { from: iso(from), until: iso(until), data: await feedFigures(tx, { tenantId, from, until, most: MOST_ROWS }) } };
  },
});

export const feedFigureRoutes: readonly Route[] = [figures];
