import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { MONTHS_AHEAD } from './contract.ts';

const { makePartitions, beginRetention, forgetNetworkData, dropMonths, removeRows, finishRetention } = proxyActivities<Activities>({
  // A turn is 20 s of batches; the report of many tenants may take longer. Whatever fails, a later try may mend: nothing is given up.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', nonRetryableErrorTypes: [] },
});

export type RetentionOutcome =
  | { outcome: 'finished'; day: string; rowsRemoved: number; partitionsDropped: number; networkDataRemoved: number }
  | { outcome: 'done_before'; day: string }
  | { outcome: 'clock_refused' };

/**
 * The daily run over what is kept by the month: make months ahead, forget where visitors came from, drop and delete what is
 * over, report. The database decides what is over; a second run on a day finds its report and ends.
 */
export async function retention(): Promise<RetentionOutcome> {
  await makePartitions({ monthsAhead: MONTHS_AHEAD });
  const run = await beginRetention();
  if (run.outcome !== 'begun') return told(run);
  const { day } = run;

  for (const step of [forgetNetworkData, dropMonths, removeRows]) {
    let turn = await step({ day });
    while (turn.outcome === 'more') turn = await step({ day });
    if (turn.outcome === 'clock_refused') return told({ outcome: 'clock_refused' });
  }

  const finished = await finishRetention({ day });
  if (finished.outcome === 'clock_refused') return told({ outcome: 'clock_refused' });
  const { rowsRemoved, partitionsDropped, networkDataRemoved } = finished;
  return told({ outcome: 'finished', day, rowsRemoved, partitionsDropped, networkDataRemoved });
}

/** What ops read in the Temporal UI. */
function told<Outcome extends RetentionOutcome>(run: Outcome): Outcome {
  setCurrentDetails(sentence(run));
  return run;
}

function sentence(run: RetentionOutcome): string {
  switch (run.outcome) {
    case 'finished':
      return `**${run.day}**: ${String(run.rowsRemoved)} rows removed, ${String(run.partitionsDropped)} times a month of a tenant dropped whole, ${String(run.networkDataRemoved)} touches without visitor now.`;
    case 'done_before': return `**${run.day}** has its report already.`;
    case 'clock_refused': return 'The database did not believe the clock: **nothing was removed**. The worker\'s log says what to do.';
  }
}
