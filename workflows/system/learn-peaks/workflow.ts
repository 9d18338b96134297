import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

const { learnPeaks } = proxyActivities<Activities>({
  // A turn ends with the tenant that 20 s fall into; a large one takes minutes, and beats after every page.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  summary: 'counts answers by the hour of the recipients\' week, tenant after tenant',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

type Turn = Awaited<ReturnType<typeof learnPeaks>>;
/** Where a run that was long goes on. */
export type LearnPeaksInput = { soFar: Turn };
export type LearnPeaksOutcome = { outcome: 'learnt'; tenants: number; changed: number; replanned: number; failed: number };

const NOTHING_YET: Turn = { next: null, tenants: 0, changed: 0, replanned: 0, failed: 0 };

/** The weekly run that learns, for each tenant and program, at which times of the week messages are answered best. */
export async function learnPeakTimes(input: LearnPeaksInput = { soFar: NOTHING_YET }): Promise<LearnPeaksOutcome> {
  const { tenants, changed, replanned, failed } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => learnPeaks({ after: sum.next }),
    isOver: ({ next }) => next === null,
    say: (sum) => `**${String(sum.tenants)} tenants** looked at: peak times changed ${String(sum.changed)} times, ${String(sum.replanned)} programs planned again, ${String(sum.failed)} failed (see the worker's log).`,
    goOn: (soFar) => continueAsNew<typeof learnPeakTimes>({ soFar }),
  });
  return { outcome: 'learnt', tenants, changed, replanned, failed };
}
