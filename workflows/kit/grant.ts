import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { RunLife } from './contract.ts';
import { workflowNow } from './now.ts';

const { grantRun } = proxyActivities<Pick<Activities, 'grantRun'>>({
  // A transaction over the run's rewards and the books. Whatever fails, a later try may mend.
  startToCloseTimeout: '30 seconds',
  summary: 'grants what the program has for this fact',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** How many rewards there are by the fact, and how many were refused: by a cap, a spent budget. */
export type Granted = { readonly granted: number; readonly refused: number };

/** `LiveRun.grant`. */
export function granter({ tenantId, runId }: RunLife, run: { mayAct(): Promise<void> }) {
  return async (fact: string): Promise<Granted> => {
    await run.mayAct();
    const at = workflowNow();
    return CancellationScope.nonCancellable(() => grantRun({ tenantId, runId, fact, at }));
  };
}
