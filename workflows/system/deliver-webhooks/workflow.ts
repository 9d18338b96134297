import { allHandlersFinished, condition, continueAsNew, defineSignal, proxyActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { LOOK_AGAIN_SIGNAL, type DeliverWebhooksInput } from './contract.ts';

const DAY_MS = 24 * 3_600_000;
/** One that sleeps longer looks again anyway: its timer is a promise, the rows are the truth. */
const LONGEST_SLEEP_MS = 6 * 3_600_000;

const { deliverDue } = proxyActivities<Activities>({
  // A turn is 8 s; what is still on the wire then does not hold it up. A worker that is lost is noticed by its heartbeat.
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
  summary: 'claims, posts and records what is due',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

export const lookAgain = defineSignal(LOOK_AGAIN_SIGNAL);

export type DeliverWebhooksOutcome = { outcome: 'nothing_waits' };

/**
 * A tenant's webhooks leave through here: send what is due, sleep until the next is or a nudge says "look again", end after a day with
 * nothing waiting. Rows carry the deliveries; this carries the time.
 */
export async function deliverWebhooks(input: DeliverWebhooksInput): Promise<DeliverWebhooksOutcome> {
  let nudged = false;
  setHandler(lookAgain, () => { nudged = true; });
  let idledADay = false;

  for (;;) {
    nudged = false;
    const { sent, onTheWire, nextInMs } = await deliverDue(input);
    const next = nextInMs === null ? 'nothing waits' : `next look in ${String(Math.ceil(nextInMs / 1000))} s`;
    setCurrentDetails(`**Webhooks** of \`${input.tenantId}\`: ${next}.\n\n- Last turn: ${String(sent)} sent; not answered yet: ${String(onTheWire)}`);

    const nothingWaits = nextInMs === null;
    if (!nudged && idledADay && nothingWaits) {
      await condition(allHandlersFinished);
      return { outcome: 'nothing_waits' };
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliverWebhooks>(input);
    if (nudged || nextInMs === 0) continue;
    const waitMs = nothingWaits ? DAY_MS : Math.min(nextInMs, LONGEST_SLEEP_MS);
    const wasNudged = await condition(() => nudged, waitMs);
    idledADay = nothingWaits && !wasNudged;
  }
}
