import type { Channel } from '../domain/message/channel.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Services } from './services.ts';

/** Refuses channels by which this deployment sends nothing: what would wait for ever is told at once. */
export function refuseChannels({ sms }: Pick<Services, 'sms'>, asked: readonly Channel[] | undefined): Problem<'channel_not_available'> | null {
  return asked?.includes('sms') === true && sms?.kind === 'off' ? problem('channel_not_available') : null;
}
