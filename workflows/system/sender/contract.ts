import { CHANNELS, type Channel } from '../../../src/domain/message/channel.ts';
import { RUN_SEARCH_ATTRIBUTES } from '../../kit/contract.ts';

/** What relay, worker and ops need to know of the sender without loading its code. */

export const SENDER_WORKFLOW = 'sender';
export const TASK_QUEUE = 'flywheel';
/** "Look again": a hint without data. */
export const NUDGE_SIGNAL = 'nudge';

/** Search attributes of every Flywheel workflow; no personal data ever. */
export const SEARCH_ATTRIBUTES = { tenant: 'FlywheelTenant', lane: 'FlywheelLane', ...RUN_SEARCH_ATTRIBUTES } as const;

export type SenderInput = { tenantId: string; lane: string; channel: Channel };

/** A sender is not a run: its id has no generation. */
export function senderWorkflowId(input: { tenantId: string; lane: string }): string {
  return `sender/${input.tenantId}/${input.lane}`;
}

/** The channel of a lane name (`email-0`); throws for a lane that no channel serves. */
export function channelOfLane(lane: string): SenderInput['channel'] {
  const channel = CHANNELS.find((each) => lane.startsWith(`${each}-`) && /^\d{1,2}$/.test(lane.slice(each.length + 1)));
  if (channel !== undefined) return channel;
  throw new Error(`no channel serves the lane ${lane}`);
}
