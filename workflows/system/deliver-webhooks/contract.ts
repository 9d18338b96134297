import { WEBHOOKS_LANE } from '../../../src/domain/webhook/lane.ts';

/** What relay, worker and ops need to know of the run that delivers a tenant's webhooks, without loading its code. */

export const DELIVER_WEBHOOKS_WORKFLOW = 'deliverWebhooks';
/** "Look again": a hint without data, as a sender's. */
export const LOOK_AGAIN_SIGNAL = 'nudge';

export type DeliverWebhooksInput = { tenantId: string };

/** Like a sender's it has no generation. */
export function webhooksWorkflowId({ tenantId }: DeliverWebhooksInput): string {
  return `webhooks/${tenantId}`;
}

/** Is it this run that a lane's nudge is for, and no sender? */
export function isWebhooksLane(lane: string): boolean {
  return lane === WEBHOOKS_LANE;
}
