import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

const { settleUnknownSms } = proxyActivities<Activities>({
  // A turn is 20 s of questions to the vendor, each answered or given up within 45.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '2 minutes',
  summary: 'asks the vendor what became of SMS whose hand-off had no answer',
  // The next run comes in five minutes.
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumAttempts: 5 },
});

type Turn = Awaited<ReturnType<typeof settleUnknownSms>>;
/** Where a run that was long goes on. */
export type SettleSmsInput = { soFar: Turn };
export type SettleSmsOutcome = { outcome: 'asked'; asked: number; settled: number };

const NOTHING_YET: Turn = { next: null, asked: 0, settled: 0 };

/** The run that looks, every few minutes, for hand-offs of unknown outcome in the vendor's list. What it does not find stays unknown. */
export async function settleSms(input: SettleSmsInput = { soFar: NOTHING_YET }): Promise<SettleSmsOutcome> {
  const { asked, settled } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => settleUnknownSms({ after: sum.next }),
    isOver: ({ next }) => next === null,
    say: (sum) => `**${String(sum.asked)} messages** asked about: ${String(sum.settled)} settled.`,
    goOn: (soFar) => continueAsNew<typeof settleSms>({ soFar }),
  });
  return { outcome: 'asked', asked, settled };
}
