import { z } from 'zod';
import { readFeedChoices } from '../../db/read/feed-choices.ts';
import { membersByExternalId } from '../../db/read/feed-member.ts';
import { countUnread } from '../../db/read/feed.ts';
import { destinationRules } from '../../db/read/link-owner.ts';
import { markFeedItems } from '../../db/write/feed/mark-feed-items.ts';
import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { saveFeedChoices } from '../../db/write/feed/save-feed-choices.ts';
import { deepLinkProblem } from '../domain/feed/deep-link.ts';
import type { NewFeedItem } from '../domain/feed/new-feed-item.ts';
import type { MemberId } from '../domain/ids.ts';
import { choicesIn, choicesOut, feedRowResult, feedRowsIn, marksIn, marksOut, readMarks } from './feed-body.ts';
import { feedOwner, ownerFields } from './feed-owner.ts';
import { iso, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'In-app feed';

const add = route({
  method: 'post',
  path: '/v1/feed',
  tag,
  summary: 'Put items of your own into members\' feeds, up to 100 at once',
  description: 'Each row by itself. A member gets one item a `key`; who switched the topic off gets none. What is only shown waits for nobody\'s hours; a push leaves by the rules of any message (hours of law, yours and the member\'s, opt-outs, suppressions, limits a day), within 24 hours or not at all; `pushReason` says what it waits for or why there is none.',
  params: none,
  query: none,
  body: feedRowsIn,
  keyed: true,
  costs: { flow: 'rows', units: ({ items }) => items.length },
  answers: { 200: z.object({ results: z.array(feedRowResult) }).meta({ description: 'What became of each row, in the order sent' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, body }) {
    const rules = await destinationRules(tx, tenantId);
    const errors = body.items.flatMap(({ deepLink }, place) => {
      const wrong = deepLink === undefined ? null : deepLinkProblem(deepLink, rules);
      return wrong === null ? [] : [{ path: `/items/${String(place)}/deepLink`, message: wrong }];
    });
    if (errors.length > 0) return problem('invalid_request', { errors });
    const members = await membersByExternalId(tx, tenantId, body.items.map(({ externalId }) => externalId));
    const known = body.items.flatMap((item) => newItem(item, members.get(item.externalId)));
    const queued = await queueFeedItems(tx, { tenantId, items: known, now });
    let place = 0;
    const results = body.items.map((item): z.input<typeof feedRowResult> => {
      const done = members.has(item.externalId) ? queued[place++] : undefined;
      if (done === undefined) return { outcome: 'unknown_member' };
      return done.outcome === 'queued' ? { ...done, pushAt: isoOrNull(done.pushAt) } : done;
    });
    return { status: 200, body: { results } };
  },
});

/** Under a name of its own, so that it never meets a key of ours. */
function newItem({ externalId: _externalId, key, title, body, callToAction, kind, topic, deepLink, visibleFrom, expiresAt, push }: z.output<typeof feedRowsIn>['items'][number], memberId: MemberId | undefined): NewFeedItem[] {
  return memberId === undefined ? [] : [{
    key: `app:${key}`, kind, memberId, topic, push,
    content: { kind: 'words', title, body, callToAction: callToAction ?? null },
    deepLink: deepLink ?? null,
    ...(visibleFrom === undefined ? {} : { visibleFrom }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }];
}

const mark = route({
  method: 'put',
  path: '/v1/feed/marks',
  tag,
  summary: 'Tell what a member read, clicked or dismissed',
  description: 'Up to 100 marks of one member\'s items. The first time counts; sending it again changes nothing.',
  params: none,
  query: none,
  body: marksIn,
  keyed: false,
  browser: true,
  answers: { 200: marksOut },
  problems: ['not_found', 'invalid_request'],
  async handle(call) {
    const { tx, tenantId, now, body: { marks, ...named } } = call;
    const owner = await feedOwner(call, named);
    if (owner.kind === 'problem') return owner;
    const { memberId } = owner;
    const usable = readMarks(marks);
    const { outcomes } = await markFeedItems(tx, { tenantId, memberId, marks: usable, now });
    let place = 0;
    const results = marks.map(({ id }) => ({ id, outcome: usable[place]?.id === id ? outcomes[place++] ?? 'unknown' : 'unknown' }));
    return { status: 200, body: { results, unread: await countUnread(tx, { tenantId, memberId, now }) } };
  },
});

const readChoices = route({
  method: 'get',
  path: '/v1/feed/choices',
  tag,
  summary: 'Read what a member switched off in the app',
  description: 'By topic, for the feed and for pushes. What is not listed is on.',
  params: none,
  query: z.strictObject(ownerFields),
  body: none,
  keyed: false,
  browser: true,
  answers: { 200: choicesOut },
  problems: ['not_found', 'invalid_request'],
  async handle(call) {
    const owner = await feedOwner(call, call.query);
    return owner.kind === 'problem' ? owner : { status: 200, body: await choicesBody(call, owner.memberId) };
  },
});

const saveChoices = route({
  method: 'put',
  path: '/v1/feed/choices',
  tag,
  summary: 'Switch topics off or on for a member',
  description: 'What is not named stays as it is; the last word holds. What comes from then on heeds it, and so does a push that waits. What is in the feed stays: dismiss it.',
  params: none,
  query: none,
  body: choicesIn,
  keyed: false,
  browser: true,
  answers: { 200: choicesOut },
  problems: ['not_found', 'invalid_request'],
  async handle(call) {
    const { tx, tenantId, keyId, asMember, now, body: { choices, ...named } } = call;
    const owner = await feedOwner(call, named);
    if (owner.kind === 'problem') return owner;
    const told = choices.map(({ topic, channel, on }) => ({ topic, channel, state: on ? 'in' as const : 'out' as const }));
    await saveFeedChoices(tx, { tenantId, memberId: owner.memberId, choices: told, actor: asMember === null ? keyId : 'recipient', now });
    return { status: 200, body: await choicesBody(call, owner.memberId) };
  },
});

async function choicesBody({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, memberId: MemberId): Promise<z.input<typeof choicesOut>> {
  const choices = await readFeedChoices(tx, tenantId, memberId);
  return { choices: choices.map(({ topic, channel, state, decidedAt }) => ({ topic, channel, on: state === 'in', decidedAt: iso(decidedAt) })) };
}

/** They stand before those of one item (feed.ts): their paths are more exact. */
export const feedChangeRoutes: readonly Route[] = [add, mark, readChoices, saveChoices];
