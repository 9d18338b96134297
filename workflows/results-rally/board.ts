import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { LookAtBoardInput } from '../../activities/runs/look-at-board.ts';
import { workflowNow } from '../kit/now.ts';

const { lookAtBoard, endBoard } = proxyActivities<Pick<Activities, 'lookAtBoard' | 'endBoard'>>({
  // All ranks of a cohort in one statement. Whatever fails, a later try may mend.
  startToCloseTimeout: '1 minute',
  summary: 'notes the ranks of the board',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** What the story does with its board, shielded like the kit's own moves: a cancellation waits for the next wait. */
export function boardOf({ tenantId, runId }: { readonly tenantId: string; readonly runId: string }) {
  return {
    now: workflowNow,
    look: (input: Pick<LookAtBoardInput, 'message' | 'aDay' | 'until'>) => CancellationScope.nonCancellable(() => lookAtBoard({ tenantId, runId, ...input })),
    end: () => CancellationScope.nonCancellable(() => endBoard({ tenantId, runId })),
  };
}
