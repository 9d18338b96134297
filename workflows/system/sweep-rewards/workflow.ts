import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

const { sweepDueRewards } = proxyActivities<Activities>({
  // A turn ends with the batch that 20 s fall into; it beats after each.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  summary: 'releases and expires rewards that no run has looked after, tenant after tenant',
  // The next run comes in five minutes.
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumAttempts: 5 },
});

type Turn = Awaited<ReturnType<typeof sweepDueRewards>>;
/** Where a run that was long goes on. */
export type SweepRewardsInput = { soFar: Turn };
export type SweepRewardsOutcome = { outcome: 'swept'; tenants: number; released: number; expired: number; failed: number };

const NOTHING_YET: Turn = { next: null, isOver: false, tenants: 0, released: 0, expired: 0, failed: 0 };

/** The run that releases, every few minutes, what a referral's run left lying, and milestones, which have no run. */
export async function sweepRewards(input: SweepRewardsInput = { soFar: NOTHING_YET }): Promise<SweepRewardsOutcome> {
  const { tenants, released, expired, failed } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => sweepDueRewards({ after: sum.next }),
    isOver: ({ isOver }) => isOver,
    say: (sum) => `**${String(sum.tenants)} tenants** looked at: ${String(sum.released)} rewards released, ${String(sum.expired)} expired, ${String(sum.failed)} tenants failed (see the worker's log).`,
    goOn: (soFar) => continueAsNew<typeof sweepRewards>({ soFar }),
  });
  return { outcome: 'swept', tenants, released, expired, failed };
}
