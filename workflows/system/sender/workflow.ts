import { allHandlersFinished, condition, continueAsNew, defineSignal, proxyActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { NUDGE_SIGNAL, type SenderInput } from './contract.ts';
import { senderDetails } from './details.ts';

const DAY_MS = 24 * 3_600_000;
/** A sender that sleeps longer looks again anyway: its timer is a promise, the rows are the truth. */
const LONGEST_SLEEP_MS = 6 * 3_600_000;

const { sendDue } = proxyActivities<Activities>({
  // One turn is 8 s of work and idling; the rest is room for a mail server that stalls over a recipient (it is waited for
  // 120 s and more) and for a record that is tried again. A worker that is lost is noticed by its heartbeat.
  startToCloseTimeout: '6 minutes',
  heartbeatTimeout: '5 seconds',
  summary: 'claims, sends and records what is due',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

export const nudge = defineSignal(NUDGE_SIGNAL);

export type SenderOutcome = { outcome: 'nothing_waits' };

/**
 * The one door through which a tenant's lane leaves: send what is due, sleep until the next is due or a nudge says
 * "look again", and end after a day with nothing waiting. Rows carry the messages; this carries the time.
 */
export async function sender(input: SenderInput): Promise<SenderOutcome> {
  let nudged = false;
  setHandler(nudge, () => { nudged = true; });
  let idledADay = false;

  for (;;) {
    nudged = false;
    const report = await sendDue(input);
    setCurrentDetails(senderDetails(input, report));

    const nothingWaits = report.nextInMs === null && report.openBatches === 0;
    if (!nudged && idledADay && nothingWaits) {
      await condition(allHandlersFinished);
      return { outcome: 'nothing_waits' };
    }
    // Also with a nudge seen: the next run begins with a look. One that has not been seen keeps the server from closing this run.
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof sender>(input);
    if (nudged || report.nextInMs === 0) continue;
    const waitMs = nothingWaits ? DAY_MS : Math.min(report.nextInMs ?? DAY_MS, LONGEST_SLEEP_MS);
    const wasNudged = await condition(() => nudged, waitMs);
    idledADay = nothingWaits && !wasNudged;
  }
}
