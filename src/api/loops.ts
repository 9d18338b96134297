import { z } from 'zod';
import { describeLoop } from '../domain/program/describe-loop.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Runs';
const described = z.array(z.object({ name: z.string(), says: z.string() }));
const kinds = z.record(z.string(), z.string());
const bound = z.union([z.string(), z.number(), z.boolean()]);

const loopOut = z.object({
  key: z.string().meta({ description: 'As a program names it: `POST /v1/programs` with this `loop`' }),
  title: z.string(),
  summary: z.string(),
  topic: z.string().meta({ description: 'What its messages are about, unless a program says another: people opt out by topic' }),
  trigger: z.string().meta({ description: 'What starts it' }),
  channels: z.array(z.string()),
  start: z.object({
    fields: z.array(z.object({
      name: z.string(),
      kind: z.string().meta({ description: '`text`, `number`, `flag`, `instant`, `date`, `week` (ISO 8601), `member` (your own id of one), `private text` (a first name)' }),
      isOptional: z.boolean(),
      isPrivate: z.boolean().meta({ description: 'Sealed, and said by the run\'s mails alone' }),
      withinHours: z.number().nullable().meta({ description: 'It lies so many hours around the start at most; null: whenever' }),
    })).meta({ description: 'The `input` of `POST /v1/runs`' }),
    occasion: z.array(z.string()).meta({ description: 'The fields whose values together name an occasion: there is one run for each, program and member. Empty: each start is a run of its own, unless `subject` names the occasion' }),
    invitees: z.object({ min: z.int(), max: z.int() }).meta({ description: 'How many may be named; 0: the loop asks nobody by message' }),
    deck: z.object({ minQuestions: z.int(), maxQuestions: z.int(), isOptional: z.boolean() }).nullable().meta({ description: 'The questions that come with the start; null: it is not played' }),
    hasBoard: z.boolean().meta({ description: 'Its runs have a board of scores' }),
  }),
  roles: z.array(z.object({
    name: z.string(),
    title: z.string(),
    hears: z.array(z.object({
      type: z.string().meta({ description: 'Of an event about somebody in this role' }),
      fact: z.string().meta({ description: 'As which the run hears it' }),
      data: kinds.meta({ description: 'What of it the run goes by; `personId`, `guestId` and `role` are known without being sent' }),
      from: z.enum(['app', 'flywheel']).meta({ description: '`app`: you tell it with `POST /v1/events`; `flywheel`: our own pages and mails do' }),
    })),
  })),
  messages: z.array(z.object({ name: z.string(), values: kinds })).meta({ description: 'What it may say to those in it' }),
  stages: described,
  outcomes: described,
  terms: z.array(z.object({ name: z.string(), default: z.number(), min: z.number(), max: z.number() })).meta({ description: 'Its own numbers, in a program\'s `terms.life`' }),
  units: kinds.meta({ description: 'Units of its default rewards, with their titles' }),
  prompt: z.object({
    moments: z.array(z.object({ moment: z.string(), needs: z.record(z.string(), z.object({ atLeast: z.number().optional(), atMost: z.number().optional(), is: bound.optional() })) })),
    whenDataIsMissing: z.string(),
    minors: z.string(),
    value: z.number(),
    goodForMinutes: z.number(),
  }).nullable().meta({ description: 'At which moments `POST /v1/prompts/decide` may offer it; null: at none' }),
}).meta({ id: 'Loop' });

const list = route({
  method: 'get',
  path: '/v1/loops',
  tag,
  summary: 'Which loops there are to start',
  description: 'Of each that is started for a member: what a start says, who is in its runs and what they hear of whom, how they may end, and the numbers that a program may change. The same for everybody, in the order of their keys; it changes with our releases alone.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(loopOut) }) },
  problems: [],
  async handle() {
    return { status: 200, body: { data: liveLoopKeys().toSorted().flatMap((key) => loopBody(key) ?? []) } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/loops/{key}',
  tag,
  summary: 'Read one loop',
  description: 'As `GET /v1/loops` has it.',
  params: z.strictObject({ key: z.string().meta({ description: 'As a program names it: `buddy-challenge`' }) }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: loopOut },
  problems: ['not_found'],
  async handle({ params: { key } }) {
    const body = loopBody(key);
    return body === null ? problem('not_found', { detail: `There is no loop of this key that could be started. There are ${liveLoopKeys().toSorted().join(', ')}.` }) : { status: 200, body };
  },
});

function loopBody(key: string) {
  const loop = findLiveLoop(key);
  return loop === null ? null : describeLoop(loop.definition);
}

export const loopRoutes: readonly Route[] = [list, get];
