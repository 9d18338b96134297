import { continueAsNew, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import type { ImportInput } from './contract.ts';
import { importDetails } from './details.ts';

/** A held import looks again after this long, then after twice as long, up to the longest: nothing tells it that its program was resumed. */
const FIRST_LOOK_MS = 30_000;
const LONGEST_LOOK_MS = 600_000;

const { takeImportRows } = proxyActivities<Activities>({
  // A turn is three seconds of batches, each a transaction that another one may keep waiting. A worker that is lost is noticed by its
  // heartbeat. Nothing is given up: what fails now, a later try may mend.
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  summary: 'takes rows in, a thousand in a transaction',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

export type ImportOutcome = { outcome: 'completed' | 'failed' | 'canceled' | 'gone'; total: number; accepted: number; refused: number };

/** The run of one file that was received whole: takes its rows in, turn by turn, until the rows say that it is over. Canceling is a row's matter, too. */
export async function importFile(input: ImportInput): Promise<ImportOutcome> {
  let lookMs = FIRST_LOOK_MS;
  for (;;) {
    const turn = await takeImportRows(input);
    setCurrentDetails(importDetails(input, turn));
    const { outcome, total, accepted, refused } = turn;
    if (outcome !== 'more' && outcome !== 'held') return { outcome, total, accepted, refused };
    if (outcome === 'held') await sleep(lookMs);
    lookMs = outcome === 'held' ? Math.min(lookMs * 2, LONGEST_LOOK_MS) : FIRST_LOOK_MS;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof importFile>(input);
  }
}
