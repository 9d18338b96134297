import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';

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
  let sum = input.soFar;
  for (;;) {
    const turn = await settleUnknownSms({ after: sum.next });
    sum = { next: turn.next, asked: sum.asked + turn.asked, settled: sum.settled + turn.settled };
    setCurrentDetails(`**${String(sum.asked)} messages** asked about: ${String(sum.settled)} settled.`);
    if (sum.next === null) return { outcome: 'asked', asked: sum.asked, settled: sum.settled };
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof settleSms>({ soFar: sum });
  }
}
