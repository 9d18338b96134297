import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

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
  const { tenants, found, offered, failed } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => findStreaksAtRisk({ after: sum.next, within: sum.within }),
    isOver: ({ isOver }) => isOver,
    say: (sum) => `**${String(sum.offered)} members** offered help, of ${String(sum.found)} streaks at risk; ${String(sum.tenants)} tenants looked at, ${String(sum.failed)} failed (see the worker's log).`,
    goOn: (soFar) => continueAsNew<typeof findStreaks>({ soFar }),
  });
  return { outcome: 'swept', tenants, found, offered, failed };
}
