import { z } from 'zod';
import { membersByExternalId } from '../../db/read/payout-members.ts';
import { readStreaks, type StreakView } from '../../db/read/streaks.ts';
import { grantFreezes, type Freezes } from '../../db/write/streaks/grant-freezes.ts';
import { pauseStreaks, type PauseToStore } from '../../db/write/streaks/pause-streaks.ts';
import { isId } from '../domain/ids.ts';
import { readPause } from '../domain/streak/judge-streak.ts';
import { firstDateEverybodyHasAhead } from '../domain/streak/local-calendar.ts';
import { idOut, instantIn, textIn } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { dateIn, freezeCountIn, streakBody, streakNameIn, streakOut, wholeSeconds } from './streaks-body.ts';

const tag = 'Streaks';
const MOST_ROWS = 1_000;
const LONGEST_KEY = 200;
const externalIdIn = z.string().max(200).meta({ description: 'Your own id of the member' });

const ofMember = route({
  method: 'get',
  path: '/v1/members/{id}/streaks',
  tag,
  summary: 'Show how a member\'s streaks stand now',
  description: 'One for each thing that is practised: `practice` follows from `practice_completed` and `deck_completed` (the questions of a run are answered) at `POST /v1/events`, whose property `zone` says where it happened (left out: in the member\'s zone, else yours). `id` is your own id of the member, or ours.',
  params: z.strictObject({ id: z.string().meta({ description: 'Your own id of the member, or its `mbr_` id' }) }),
  query: none,
  body: none,
  keyed: false,
  answers: {
    200: z.object({
      memberId: idOut('mbr'),
      externalId: z.string(),
      streaks: z.array(streakOut.extend({
        streak: z.string(),
        zone: z.string().meta({ description: 'The clock it is read by' }),
        atRisk: z.boolean().meta({ description: 'True: today is open, and no freeze is left to cover it' }),
        dayEndsAt: z.iso.datetime().nullable().meta({ description: 'The end of the day by which the next practice keeps it without a further freeze' }),
      })),
    }).meta({ id: 'MemberStreaks' }),
  },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params: { id } }) {
    const read = await readStreaks(tx, tenantId, isId('mbr', id) ? { id } : { externalId: id }, now);
    return read === null ? problem('not_found') : { status: 200, body: { ...read, streaks: read.streaks.map(viewBody) } };
  },
});

function viewBody(view: StreakView) {
  const { state, freezesLeft, dayEndsAt, streak, zone } = view;
  const atRisk = (state === 'at_risk' || state === 'frozen') && freezesLeft === 0;
  return { ...streakBody(view), streak, zone, atRisk, dayEndsAt: dayEndsAt === null ? null : wholeSeconds(dayEndsAt) };
}

const grants = route({
  method: 'post',
  path: '/v1/streaks/grants',
  tag,
  summary: 'Give freezes to members, 1 to 1,000 at once',
  description: 'A freeze covers one missed day, all by itself; a gap that the freezes held cannot cover whole uses none. It covers days that end while it is held, so none that were over before `at`. Each `key` gives once, whenever and however often it comes. Released rewards in the units `shield` and `streak_freeze` become freezes by themselves.',
  params: none,
  query: none,
  body: z.strictObject({
    grants: z.array(z.strictObject({
      key: textIn(LONGEST_KEY).meta({ description: 'Your own id of what it is for' }),
      externalId: externalIdIn,
      count: freezeCountIn,
      at: instantIn.optional().meta({ description: 'Since when they are held; left out: now' }),
      streak: streakNameIn.optional().meta({ description: 'Left out: `practice`' }),
    })).min(1).max(MOST_ROWS),
  }).meta({ examples: [{ grants: [{ key: 'shop-order-7', externalId: 'user-1', count: 2 }] }] }),
  keyed: true,
  costs: { flow: 'rows', units: ({ grants: rows }) => rows.length },
  answers: {
    200: z.object({
      results: z.array(z.object({
        key: z.string(), outcome: z.enum(['given', 'duplicate', 'refused']),
        reason: z.enum(['unknown_member', 'given_in_future']).optional(),
      })).meta({ description: 'What became of each, in the order sent' }),
    }),
  },
  problems: [],
  async handle({ tx, tenantId, now, body }) {
    const members = await membersByExternalId(tx, tenantId, body.grants.map(({ externalId }) => externalId));
    const read = body.grants.map(({ key, externalId, count, at = now, streak }): Freezes | 'unknown_member' | 'given_in_future' => {
      const memberId = members.get(externalId);
      if (memberId === undefined) return 'unknown_member';
      return at > now ? 'given_in_future' : { memberId, count, at, sourceKey: `app:${key}`, streak };
    });
    const given = await grantFreezes(tx, { tenantId, grants: read.flatMap((grant) => (typeof grant === 'string' ? [] : [grant])), now });
    return {
      status: 200,
      body: {
        results: body.grants.map(({ key }, place) => {
          const grant = read[place];
          if (typeof grant === 'string') return { key, outcome: 'refused' as const, reason: grant };
          return { key, outcome: given.delete(`app:${key}`) ? 'given' as const : 'duplicate' as const };
        }),
      },
    };
  },
});

const pauses = route({
  method: 'post',
  path: '/v1/streaks/pauses',
  tag,
  summary: 'Pause streaks: days that cannot be missed',
  description: 'Local dates, both included: an illness of one member, a school\'s holidays. A paused day is not missed, and adds nothing unless somebody practises on it. A member\'s may be told of afterwards; one for everybody (no `externalId`) begins on a day that nobody has reached yet. Sending it again changes nothing.',
  params: none,
  query: none,
  body: z.strictObject({
    pauses: z.array(z.strictObject({ externalId: externalIdIn.optional().meta({ description: 'Whose; left out: everybody\'s' }), from: dateIn, to: dateIn })).min(1).max(MOST_ROWS),
  }).meta({ examples: [{ pauses: [{ externalId: 'user-1', from: '2026-07-06', to: '2026-07-12' }, { from: '2026-12-21', to: '2027-01-03' }] }] }),
  keyed: true,
  costs: { flow: 'rows', units: ({ pauses: rows }) => rows.length },
  answers: {
    200: z.object({
      results: z.array(z.object({
        outcome: z.enum(['paused', 'duplicate', 'refused']),
        reason: z.enum(['unknown_member', 'invalid_dates', 'begins_too_early']).optional(),
        detail: z.string().optional(),
      })).meta({ description: 'What became of each, in the order sent' }),
    }),
  },
  problems: [],
  async handle({ tx, tenantId, now, body }) {
    const members = await membersByExternalId(tx, tenantId, body.pauses.flatMap(({ externalId }) => externalId ?? []));
    const read = body.pauses.map((asked) => readAskedPause(asked, members, now));
    const stored = (await pauseStreaks(tx, { tenantId, pauses: read.flatMap((pause) => ('reason' in pause ? [] : [pause])), now }))[Symbol.iterator]();
    return {
      status: 200,
      body: { results: read.map((pause) => ('reason' in pause ? { outcome: 'refused' as const, ...pause } : { outcome: stored.next().value === true ? 'paused' as const : 'duplicate' as const })) },
    };
  },
});

type AskedPause = { readonly externalId?: string | undefined; readonly from: string; readonly to: string };
type RefusedPause = { readonly reason: 'unknown_member' | 'invalid_dates' | 'begins_too_early'; readonly detail?: string };

function readAskedPause({ externalId, ...dates }: AskedPause, members: Awaited<ReturnType<typeof membersByExternalId>>, now: number): PauseToStore | RefusedPause {
  const memberId = externalId === undefined ? null : members.get(externalId);
  if (memberId === undefined) return { reason: 'unknown_member' };
  const pause = readPause(dates);
  if (typeof pause === 'string') return { reason: 'invalid_dates', detail: `${pause}.` };
  const early = memberId === null && pause.firstDay < firstDateEverybodyHasAhead(now);
  return early ? { reason: 'begins_too_early', detail: 'A pause for everybody begins the day after tomorrow or later, so that it is still to come wherever a member is; name members for what is past.' } : { ...pause, memberId };
}

export const streakRoutes: readonly Route[] = [ofMember, grants, pauses];
