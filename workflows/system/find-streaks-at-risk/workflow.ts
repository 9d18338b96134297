import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';

const { findStreaksAtRisk } = proxyActivities<Activities>({
  // A turn ends with the page that 20 s fall into; it beats after each.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  summary: 'offers help to members whose streak ends within hours, tenant after tenant',
  // The next run comes in an hour.
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumAttempts: 5 },
});

type Turn = Awaited<ReturnType<typeof findStreaksAtRisk>>;
/** Where a run that was long goes on. */
export type FindStreaksInput = { soFar: Turn };
export type FindStreaksOutcome = { outcome: 'swept'; tenants: number; found: number; offered: number; failed: number };

const NOTHING_YET: Turn = { next: null, within: null, isOver: false, tenants: 0, found: 0, offered: 0, failed: 0 };

/** The run that looks, every hour, for members whose streak ends within hours. It stores offers; a rescue begins when a member asks for it. */
export async function findStreaks(input: FindStreaksInput = { soFar: NOTHING_YET }): Promise<FindStreaksOutcome> {
  let sum = input.soFar;
  for (;;) {
    const turn = await findStreaksAtRisk({ after: sum.next, within: sum.within });
    sum = {
      next: turn.next, within: turn.within, isOver: turn.isOver,
      tenants: sum.tenants + turn.tenants, found: sum.found + turn.found, offered: sum.offered + turn.offered, failed: sum.failed + turn.failed,
    };
    setCurrentDetails(`**${String(sum.offered)} members** offered help, of ${String(sum.found)} streaks at risk; ${String(sum.tenants)} tenants looked at, ${String(sum.failed)} failed (see the worker's log).`);
    if (sum.isOver) break;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof findStreaks>({ soFar: sum });
  }
  const { tenants, found, offered, failed } = sum;
  return { outcome: 'swept', tenants, found, offered, failed };
}
