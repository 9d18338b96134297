import { z } from 'zod';
import { listHardStops } from '../../db/read/hard-stops.ts';
import type { HardStopView } from '../../db/read/hard-stops.ts';
import { STOPPABLE } from '../domain/message/channel.ts';
import type { Stoppable } from '../domain/message/channel.ts';
import { liftHardStop, setHardStop } from '../../db/write/hard-stop.ts';
import { NAMES_NOTHING } from './field-errors.ts';
import { instantOut, iso, textIn } from './fields.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Hard stops';

const channelIn = z.string().transform((text, context): Stoppable => {
  const channel = STOPPABLE.find((known) => known === text);
  if (channel !== undefined) return channel;
  context.addIssue({ code: 'custom', message: 'There is no such channel', params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ enum: [...STOPPABLE] });
const byChannel = z.strictObject({ channel: channelIn });

const hardStopOut = z.object({ channel: z.enum(STOPPABLE), reason: z.string(), since: instantOut }).meta({ id: 'HardStop' });

function hardStopBody({ since, ...stop }: HardStopView) {
  return { ...stop, since: iso(since) };
}

const set = route({
  method: 'put',
  path: '/v1/hard-stops/{channel}',
  tag,
  summary: 'Stop a channel',
  description: 'Takes effect before the next hand-off and holds everything of the channel until it is lifted; expiry runs on. `push`: pushes of the in-app feed.',
  params: byChannel,
  query: none,
  body: z.strictObject({ reason: textIn(300) }).meta({ examples: [{ reason: 'Wrong price in the copy' }] }),
  keyed: false,
  answers: { 200: hardStopOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params, body }) {
    const stop = await setHardStop(tx, { tenantId, channel: params.channel, reason: body.reason, actor: keyId, now });
    return { status: 200, body: hardStopBody(stop) };
  },
});

const lift = route({
  method: 'delete',
  path: '/v1/hard-stops/{channel}',
  tag,
  summary: 'Lift a channel\'s stop',
  description: 'What it held may leave, each at a permitted time. Lifting where nothing is stopped changes nothing.',
  params: byChannel,
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'The channel is not stopped' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params }) {
    await liftHardStop(tx, { tenantId, channel: params.channel, actor: keyId, now });
    return { status: 204, body: undefined };
  },
});

const list = route({
  method: 'get',
  path: '/v1/hard-stops',
  tag,
  summary: 'List the channels that are stopped',
  description: 'All of them: there are never more than there are channels.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(hardStopOut) }) },
  problems: [],
  async handle({ tx, tenantId }) {
    return { status: 200, body: { data: (await listHardStops(tx, tenantId)).map(hardStopBody) } };
  },
});

export const hardStopRoutes: readonly Route[] = [list, set, lift];
