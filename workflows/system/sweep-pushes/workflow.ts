import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

const { sweepDuePushes } = proxyActivities<Activities>({
  // A turn ends with the batch that 20 s fall into; it beats after each.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  summary: 'lets pushes leave whose hour has come, tenant after tenant',
  // The next run comes in a minute.
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumAttempts: 5 },
});

type Turn = Awaited<ReturnType<typeof sweepDuePushes>>;
/** Where a run that was long goes on. */
export type SweepPushesInput = { soFar: Turn };
export type SweepPushesOutcome = { outcome: 'swept'; tenants: number; pushed: number; failed: number };

const NOTHING_YET: Turn = { next: null, isOver: false, tenants: 0, pushed: 0, failed: 0 };

/** The run that lets pushes leave, every minute, that had to wait for their member's hours. Those that need not wait left with what they tell of. */
export async function sweepPushes(input: SweepPushesInput = { soFar: NOTHING_YET }): Promise<SweepPushesOutcome> {
  const { tenants, pushed, failed } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => sweepDuePushes({ after: sum.next }),
    isOver: ({ isOver }) => isOver,
    say: (sum) => `**${String(sum.pushed)} pushes** left, ${String(sum.tenants)} tenants looked at, ${String(sum.failed)} failed (see the worker's log).`,
    goOn: (soFar) => continueAsNew<typeof sweepPushes>({ soFar }),
  });
  return { outcome: 'swept', tenants, pushed, failed };
}
